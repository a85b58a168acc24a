import { type DeafPort, startDeafPort } from '@mailroom/mail-sandbox';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aHistory, type TestHistory } from './test-support/history.ts';
import { type CommandProcess, startMailroom } from './test-support/process.ts';

let history: TestHistory;
let deaf: DeafPort;
beforeAll(async () => {
  history = await aHistory('sqlite');
  deaf = await startDeafPort();
});
afterAll(async () => {
  await deaf.close();
  await history.close();
});

/** Its view store takes connections and never says a word: there is nothing that would end by itself. */
const stuck = async (): Promise<CommandProcess> => {
  const views = `postgres://mailroom@127.0.0.1:${deaf.port}/rows`;
  const running = startMailroom(['projections', 'run', ...history.args, '--views', views]);
  await running.says('projections start');
  return running;
};

describe('a process that cannot end what it is doing', () => {
  test('is gone five seconds after the signal, with the exit code of trouble', async () => {
    const running = await stuck();
    const before = performance.now();
    running.signal('SIGTERM');
    expect(await running.ended, running.said()).toBe(3);
    const took = performance.now() - before;
    // Not at once: until then it could have ended by itself.
    expect(took).toBeGreaterThan(4500);
    expect(took).toBeLessThan(7000);
  });

  test('is gone at the second signal, but not at one that was passed on twice', async () => {
    const running = await stuck();
    const end = new AbortController();
    void running.ended.then(() => end.abort());
    const before = performance.now();
    running.signal('SIGTERM');
    running.signal('SIGTERM');
    while (!end.signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, 50));
      running.signal('SIGTERM');
    }
    expect(await running.ended, running.said()).toBe(3);
    const took = performance.now() - before;
    expect(took).toBeGreaterThan(250);
    expect(took).toBeLessThan(4000);
  });
});
