import { promises as dns } from 'node:dns';
import { readFile } from 'node:fs/promises';
import type { PinnedAddress } from './connector-types.ts';

/**
 * Looks a name up: all of its addresses, or a rejection with a Node error that has a `code` such as ENOTFOUND or
 * EAI_AGAIN. Must settle soon after `signal` is aborted. A host may bring its own, for example with a cache.
 */
export type Resolver = (host: string, signal: AbortSignal) => Promise<readonly PinnedAddress[]>;

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | null)?.code ?? '';

/** Answers that mean "there is none", and not "I cannot tell". */
const absent: ReadonlySet<string> = new Set(['ENOTFOUND', 'ENODATA', 'EBADNAME', 'EAI_NONAME', 'EAI_NODATA']);

/** Whether an error of a look-up means that the name or its addresses do not exist. */
const isAbsent = (error: unknown): boolean => absent.has(codeOf(error));

/**
 * What the operating system answers: hosts file, name services, search list. It cannot be cancelled and takes a thread
 * of Node's small pool, so it serves only names for which the DNS alone is not enough.
 */
const bySystem = async (host: string): Promise<readonly PinnedAddress[]> => {
  const found = await dns.lookup(host, { all: true });
  return found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));
};

/** By DNS, both families at once; cancelled together with the signal. One family that fails does not spoil the other. */
const byDns = async (host: string, signal: AbortSignal): Promise<readonly PinnedAddress[]> => {
  const resolver = new dns.Resolver({ timeout: 1_500, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    const [v6, v4] = await Promise.allSettled([resolver.resolve6(host), resolver.resolve4(host)]);
    const found: PinnedAddress[] = [
      ...(v6.status === 'fulfilled' ? v6.value : []).map((address) => ({ address, family: 6 as const })),
      ...(v4.status === 'fulfilled' ? v4.value : []).map((address) => ({ address, family: 4 as const })),
    ];
    if (found.length > 0) return found;
    const errors = [v6, v4].map((each): unknown => (each.status === 'rejected' ? each.reason : null));
    throw errors.find((error) => !isAbsent(error)) ?? errors[0];
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

const hostsFile =
  process.platform === 'win32'
    ? `${process.env['SystemRoot'] ?? 'C:\\Windows'}\\System32\\drivers\\etc\\hosts`
    : '/etc/hosts';

/** The names that a hosts file gives addresses to, in lower case. */
export const namesInHostsFile = (text: string): ReadonlySet<string> =>
  new Set(
    text
      .split(/\r?\n/)
      .flatMap((line) => (line.split('#')[0] ?? '').trim().split(/\s+/).slice(1))
      .map((name) => name.toLowerCase()),
  );

const isLocalName = (host: string): boolean => !host.includes('.') || /\.(localhost|local)$/i.test(host);

/**
 * The resolver that checks use unless they are given another: the DNS directly, because a look-up there can be
 * cancelled; the operating system for names of its hosts file, local names, and where there is no DNS server.
 */
export const createResolver = (): Resolver => {
  let hosts: Promise<ReadonlySet<string>> | undefined;
  return async (host, signal) => {
    hosts ??= readFile(hostsFile, 'utf8').then(namesInHostsFile, () => new Set<string>());
    if (isLocalName(host) || (await hosts).has(host.toLowerCase())) return bySystem(host);
    try {
      return await byDns(host, signal);
    } catch (error) {
      if (codeOf(error) === 'ECONNREFUSED' && !signal.aborted) return bySystem(host);
      throw error;
    }
  };
};
