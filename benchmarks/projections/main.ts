// What views cost: kept on disk, folded in memory, built anew, and how long a write takes to show.
import { runBenches } from '../support/run-benches.ts';
import { lagBench } from './lag.ts';
import { persistedBench } from './persisted.ts';
import { rebuildBench } from './rebuild.ts';
import { replayBench } from './replay.ts';

await runBenches([persistedBench, replayBench, lagBench, rebuildBench], process.argv.slice(2));
