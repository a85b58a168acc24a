import type * as E from 'fp-ts/lib/Either.js';
import {
  type CheckLimitsOptions,
  type CheckRequest,
  createCheckLimits,
  limitsFor,
  type NotRun,
} from '../application/carry-out/limits/check-limits.ts';
import type { Lesson } from '../application/carry-out/limits/circuit.ts';
import { failureFound } from './sample-mailbox.ts';

/** A server that cannot be reached, and a login that is refused. */
export const unreachable = failureFound({
  kind: 'ConnectTimeout',
  phase: 'connect',
  disposition: 'uncertain',
  scope: 'profile',
});
export const refusedLogin = failureFound();

let names = 0;
export const request = (given: Partial<CheckRequest> = {}): CheckRequest => {
  names += 1;
  const endpoint = given.endpoint ?? 'imap mail.example.test:993';
  return {
    organizationId: 'acme',
    endpoint,
    way: `${endpoint} tls`,
    identity: `mailbox-${names}`,
    identityLimit: 10,
    account: null,
    exclusive: `mailbox-${names}`,
    urgent: false,
    insists: false,
    bulkRun: null,
    signal: undefined,
    ...given,
  };
};

export interface StartedCheck {
  readonly request: CheckRequest;
  readonly finish: (lesson: Lesson) => void;
}

/** Checks that run until they are told what they found, in the order in which they were started. */
export const limitsBench = (options: Partial<CheckLimitsOptions> = {}) => {
  const time = { at: 0 };
  const limits = createCheckLimits({
    ...limitsFor(64),
    reservedForPeople: 0,
    failuresToOpen: 3,
    openMs: 300_000,
    now: () => time.at,
    ...options,
  });
  const started: StartedCheck[] = [];
  const ask = (asked: CheckRequest): Promise<E.Either<NotRun, Lesson>> =>
    limits.run<Lesson>(asked, {
      start: () => new Promise((resolve) => started.push({ request: asked, finish: resolve })),
      lesson: (found) => found,
    });
  /** Lets everything go on that waits for nothing but its turn. */
  const settled = async (): Promise<void> => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  const pass = (seconds: number): void => {
    time.at += seconds * 1000;
  };
  return { limits, started, ask, settled, pass };
};
