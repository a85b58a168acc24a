// A runner process of one view. `build`: catches up with it for the first time, and ends. `rebuild`: is live on what was
// built, then rebuilds it, and prints its memory before and at its peak.
import { openProjections } from '@mailroom/projections/host';

const [mode = '', store = '', views = '', directory = ''] = process.argv.slice(2);
// Keys in files, as in an application: a vault in memory would grow with the number of persons.
const vault = { directory, key: { file: `${directory}.key` } };
const projections = await openProjections({ store, views, vault, only: ['mailboxes'] });

const build = async (): Promise<void> => {
  const built = await projections.catchUp(new AbortController().signal);
  if (built._tag === 'Left') throw new Error(built.left.problem);
};

const rebuild = async (): Promise<void> => {
  const stop = new AbortController();
  const running = projections.run(stop.signal);
  while (projections.progress().some(({ state }) => state !== 'live'))
    await new Promise((done) => setTimeout(done, 20));
  const idle = process.memoryUsage.rss();
  const begin = performance.now();
  let peak = idle;
  const result = await projections.rebuild('mailboxes', {
    onProgress: () => {
      peak = Math.max(peak, process.memoryUsage.rss());
    },
  });
  if (result._tag === 'Left') throw new Error(result.left.problem);
  const seconds = (performance.now() - begin) / 1000;
  stop.abort();
  await running;
  console.log(JSON.stringify({ idle, peak, seconds }));
};

await (mode === 'build' ? build() : rebuild());
await projections.close();
