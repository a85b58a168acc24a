import { readSettings } from './settings.ts';
import { start } from './start.ts';

const main = async (): Promise<void> => {
  const running = await start(readSettings(process.env));
  console.log(`listening on ${running.url}`);
  const stop = (): void => {
    // Nothing ends the process: once everything is given back, nothing keeps it.
    running.stop().then(
      () => console.log('stopped'),
      (error: unknown) => {
        console.error(error);
        process.exitCode = 1;
      },
    );
  };
  process.once('SIGTERM', stop).once('SIGINT', stop);
};

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
