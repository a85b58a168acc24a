// What checks of mail servers cost, against the libraries they stand on and against what the machine allows.
import { runBenches } from '../support/run-benches.ts';
import { bulkBench } from './bulk.ts';
import { checkBenches } from './checks.ts';
import { memoryBench } from './memory.ts';

await runBenches([...checkBenches, bulkBench, memoryBench], process.argv.slice(2));
