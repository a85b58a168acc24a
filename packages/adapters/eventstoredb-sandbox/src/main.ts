// Runs one sandbox as a process of its own, so that a test can kill it: prints its connection string once it listens.
import { parseArgs } from 'node:util';

import { start } from './start.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    mode: { type: 'string', default: '23.10' },
    data: { type: 'string' },
  },
});
if (values.mode !== '23.10' && values.mode !== '24.2') throw new Error('--mode: expected 23.10 or 24.2');
const port = Number(values.port);
if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('--port: expected a port number');

const sandbox = await start({
  port,
  mode: values.mode,
  ...(values.data === undefined ? {} : { dataFile: values.data }),
});
process.once('SIGTERM', () => void sandbox.shutDown().then(() => sandbox.close()));
process.stdout.write(`${sandbox.connectionString}\n`);
