import { promises as dns } from 'node:dns';

/** Where a service of a domain is (RFC 2782). The target "." says that there is none. */
export interface SrvRecord {
  readonly name: string;
  readonly port: number;
  readonly priority: number;
  readonly weight: number;
}

/** A mail server that DNS names for a domain. */
export interface MxRecord {
  readonly exchange: string;
  readonly priority: number;
}

/**
 * Looks up what a domain says about its mail. A rejection counts as "nothing said", whatever its cause. Must settle
 * soon after `signal` is aborted.
 */
export interface RecordResolver {
  readonly srv: (name: string, signal: AbortSignal) => Promise<readonly SrvRecord[]>;
  readonly mx: (domain: string, signal: AbortSignal) => Promise<readonly MxRecord[]>;
}

const cancellable = async <T>(signal: AbortSignal, ask: (resolver: dns.Resolver) => Promise<T>): Promise<T> => {
  const resolver = new dns.Resolver({ timeout: 1_500, tries: 2 });
  const cancel = (): void => resolver.cancel();
  signal.addEventListener('abort', cancel, { once: true });
  try {
    signal.throwIfAborted();
    return await ask(resolver);
  } finally {
    signal.removeEventListener('abort', cancel);
  }
};

/** The DNS servers of this machine. */
export const createRecordResolver = (): RecordResolver => ({
  srv: (name, signal) => cancellable(signal, (resolver) => resolver.resolveSrv(name)),
  mx: (domain, signal) => cancellable(signal, (resolver) => resolver.resolveMx(domain)),
});
