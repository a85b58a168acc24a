// A runner process: live on every view it keeps, then rebuilding one of them. Prints its memory before and at its peak.
import { memoryVault } from '@mailroom/domain/testing';
import { openProjections } from '@mailroom/projections/host';

const [store = '', views = ''] = process.argv.slice(2);
const open = () => openProjections({ store, views, vault: memoryVault(), only: ['mailboxes'] });

// The view that is followed is there before: catching up with it for the first time is another rebuild.
const before = await open();
const built = await before.catchUp(new AbortController().signal);
if (built._tag === 'Left') throw new Error(built.left.problem);
await before.close();

const projections = await open();
const stop = new AbortController();
const running = projections.run(stop.signal);
while (projections.progress().some(({ state }) => state !== 'live')) await new Promise((done) => setTimeout(done, 20));
(globalThis as { readonly gc?: () => void }).gc?.();
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
await projections.close();
console.log(JSON.stringify({ idle, peak, seconds }));
