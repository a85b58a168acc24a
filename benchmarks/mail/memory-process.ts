// A fresh process that checks, and tells by how many bytes its memory grew between two checks. Needs --expose-gc.
import { atOnce } from './checks.ts';
import { ourChecks } from './ours.ts';
import type { Servers } from './servers.ts';

const servers = JSON.parse(process.argv[2] ?? '') as Servers;
const { imap } = ourChecks(servers);
const { gc } = globalThis as { readonly gc?: () => void };
if (gc === undefined) throw new Error('needs --expose-gc');

const residentAfter = async (checks: number): Promise<number> => {
  await atOnce(32, checks, (index) => imap(index));
  gc();
  return process.memoryUsage.rss();
};
const early = await residentAfter(1_000);
const late = await residentAfter(19_000);
process.send?.(late - early);
process.disconnect();
