import type { FoundFailure } from '../../../mailbox/index.ts';
import { type Circuit, createCircuit } from './circuit.ts';

/** The way to the server, before anybody has logged in: all mailboxes share it. */
const phasesOfTheWay: ReadonlySet<string> = new Set(['dns', 'connect', 'proxy', 'tls', 'greeting', 'starttls']);

const isOurs = ({ disposition }: FoundFailure): boolean => disposition === 'ours';

/** Connectivity, TLS or overload: never one mailbox's login. */
const isOfTheWay = ({ phase, scope, kind }: FoundFailure): boolean =>
  scope === 'profile' && (phasesOfTheWay.has(phase) || kind === 'ServerTemporarilyUnavailable');

/** The account that the mailboxes of a profile share was refused for good. */
const isOfTheAccount = ({ phase, scope, disposition }: FoundFailure): boolean =>
  scope === 'profile' && disposition === 'permanent' && (phase === 'auth' || phase === 'oauth');

const isLasting = (failure: FoundFailure): boolean => isOfTheWay(failure) && failure.disposition === 'permanent';

export interface SparingOptions {
  /** Failures in a row on the way to a server after which it is spared. */
  readonly failuresToOpen: number;
  /** For how long, in milliseconds. */
  readonly openMs: number;
  /** A clock in milliseconds. */
  readonly now: () => number;
}

/** The three things that many checks depend on together, and that are spared when they are known not to work. */
export interface Circuits {
  /** A server as one organization sees it. */
  readonly server: (key: string) => Circuit;
  /** A server within one bulk run: the first lasting failure answers for all, and one check goes ahead. */
  readonly runOnServer: (key: string) => Circuit;
  /** A profile's account within one bulk run: refused once, it is not tried again, or it would be locked. */
  readonly runOfAccount: (key: string) => Circuit;
}

/** Circuits that nobody asked for in a long time are forgotten, the oldest first. */
const maxCircuits = 10_000;

export const createCircuits = ({ failuresToOpen, openMs, now }: SparingOptions): Circuits => {
  const circuits = new Map<string, Circuit>();
  const kept = (key: string, create: () => Circuit): Circuit => {
    const circuit = circuits.get(key) ?? create();
    circuits.delete(key);
    circuits.set(key, circuit);
    for (const oldest of circuits.keys()) {
      if (circuits.size <= maxCircuits) break;
      circuits.delete(oldest);
    }
    return circuit;
  };
  const untilTheEnd = { threshold: 1, openMs: Infinity, now };
  return {
    server: (key) =>
      kept(`server ${key}`, () =>
        createCircuit({ threshold: failuresToOpen, openMs, now, counts: isOfTheWay, leavesOpen: isOurs }),
      ),
    runOnServer: (key) =>
      kept(`run ${key}`, () =>
        createCircuit({
          ...untilTheEnd,
          counts: isLasting,
          leavesOpen: (failure) => isOurs(failure) || (isOfTheWay(failure) && !isLasting(failure)),
        }),
      ),
    runOfAccount: (key) =>
      kept(`account ${key}`, () =>
        createCircuit({
          ...untilTheEnd,
          counts: isOfTheAccount,
          leavesOpen: (failure) => isOurs(failure) || isOfTheWay(failure),
        }),
      ),
  };
};
