// A runner in a process of its own: tells when it has committed what.
import { watchCommits } from './lag.ts';

const file = process.argv[2] ?? '';
const { isLive, end } = watchCommits(file, file, (position, at) => process.send?.([position, at]));
process.on('message', () => void end().then(() => process.disconnect()));
await isLive();
process.send?.('live');
