// What the event stores, the way of a command and the decoding of events cost, against what the machine allows.
import { runBenches } from '../support/run-benches.ts';
import { bulkBench } from './bulk.ts';
import { commandBenches } from './commands.ts';
import { decodeBench } from './decode.ts';
import { eventStoreDbBenches } from './eventstoredb.ts';
import { loadBench } from './load.ts';
import { memoryBench } from './memory.ts';
import { replayBench } from './replay.ts';

await runBenches(
  [...commandBenches, bulkBench, loadBench, replayBench, decodeBench, memoryBench, ...eventStoreDbBenches],
  process.argv.slice(2),
);
