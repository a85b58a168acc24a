import * as E from 'fp-ts/lib/Either.js';
import type { FoundFailure } from '../../../mailbox/index.ts';
import type { Circuit, Lesson } from './circuit.ts';
import { createCircuits, type SparingOptions } from './circuits.ts';
import { createFairQueue, type Place } from './fair-queue.ts';
import { createTally } from './tally.ts';

/** A check that wants to be run. */
export interface CheckRequest {
  readonly organizationId: string;
  /** Protocol, host and port: whose connections are counted together. */
  readonly endpoint: string;
  /** The endpoint and how it is reached; whoever shares it shares its troubles. */
  readonly way: string;
  /** Who logs in: the mailbox with its own credentials, the profile with the profile's. */
  readonly identity: string;
  /** Connections at once of this identity (profile: maximum concurrent connections). */
  readonly identityLimit: number;
  /** The profile's account and the version of its secret, where many mailboxes share it; null: nobody does. */
  readonly account: string | null;
  /** Only one check with this key runs at a time: the mailbox and its channel. */
  readonly exclusive: string;
  /** A person waits for it: it goes before bulk work. */
  readonly urgent: boolean;
  /** It wants an answer of the server itself, also of one that is known to be in trouble. */
  readonly insists: boolean;
  /** Names the bulk run: until its first check of an endpoint gets through, the others wait for it. */
  readonly bulkRun: string | null;
  /** Aborted while the check waits: it is not run any more. */
  readonly signal: AbortSignal | undefined;
}

export interface CheckLimitsOptions extends SparingOptions {
  /** Checks at once in all. */
  readonly total: number;
  /** Of these, kept free for people who wait. */
  readonly reservedForPeople: number;
  readonly perOrganization: number;
  /** Connections at once to one server, over all organizations; one more for a person who waits. */
  readonly perEndpoint: number;
  /** Checks that may wait. */
  readonly maxWaiting: number;
}

/** Why a check was not run. */
export type NotRun =
  /** What it depends on is known not to work. */
  | { readonly _tag: 'Known'; readonly failure: FoundFailure }
  /** Too many are waiting already. */
  | { readonly _tag: 'TooMany' }
  /** Its signal was aborted first. */
  | { readonly _tag: 'Cancelled' };

interface CheckTask<Result> {
  readonly start: () => Promise<Result>;
  /** What the result says about what was checked through. */
  readonly lesson: (result: Result) => Lesson;
}

/** Runs checks within limits, fairly: people first, then the organizations in turn. */
export interface CheckLimits {
  /** Settles with the task's result, or with why it was not run. Rejects only as the task does. */
  readonly run: <Result>(request: CheckRequest, task: CheckTask<Result>) => Promise<E.Either<NotRun, Result>>;
  /** How many run and wait now. */
  readonly state: () => { readonly running: number; readonly waiting: number };
}

interface Waiting extends Place {
  readonly request: CheckRequest;
  readonly start: () => void;
  readonly end: (why: NotRun) => void;
}

/** How many checks a process makes at once unless its host says otherwise. */
export const defaultChecksAtOnce = 64;

/** Limits for so many checks at once: an eighth is kept for people, and no organization or server gets them all. */
export const limitsFor = (total: number): Omit<CheckLimitsOptions, keyof SparingOptions> => ({
  total,
  reservedForPeople: Math.floor(total / 8),
  perOrganization: Math.max(1, Math.ceil((total * 3) / 4)),
  perEndpoint: Math.max(1, Math.ceil(total / 2)),
  maxWaiting: 10_000,
});

/** The limits of one process. */
export const createCheckLimits = (limits: CheckLimitsOptions): CheckLimits => {
  const running = createTally();
  const circuits = createCircuits(limits);

  /** What the checks of one bulk run have in common: a server, and an account of the profile; null: not these. */
  const runKey = ({ bulkRun, organizationId, way }: CheckRequest): string | null =>
    bulkRun === null ? null : `${bulkRun} ${organizationId} ${way}`;
  const accountKey = ({ bulkRun, organizationId, account }: CheckRequest): string | null =>
    bulkRun === null || account === null ? null : `${bulkRun} ${organizationId} ${account}`;
  const identityKey = ({ organizationId, identity }: CheckRequest): string => `identity ${organizationId} ${identity}`;
  const exclusiveKey = ({ organizationId, exclusive }: CheckRequest): string =>
    `exclusive ${organizationId} ${exclusive}`;

  /** Everything that this check depends on together with others. */
  const circuitsOf = (request: CheckRequest): readonly Circuit[] => {
    const [run, account] = [runKey(request), accountKey(request)];
    return [
      circuits.server(`${request.organizationId} ${request.way}`),
      ...(run === null ? [] : [circuits.runOnServer(run)]),
      ...(account === null ? [] : [circuits.runOfAccount(account)]),
    ];
  };
  const knownFailure = (request: CheckRequest): FoundFailure | null => {
    if (request.insists) return null;
    for (const circuit of circuitsOf(request)) {
      const known = circuit.known();
      if (known !== null) return known;
    }
    return null;
  };

  /** In a bulk run one check of a server, and one login of a shared account, goes ahead until one got through. */
  const waitsForServer = (request: CheckRequest): boolean => {
    const run = runKey(request);
    return run !== null && running.of(`run ${run}`) > 0 && !circuits.runOnServer(run).isProven();
  };
  const waitsForAccount = (request: CheckRequest): boolean => {
    const account = accountKey(request);
    return account !== null && running.of(`account ${account}`) > 0 && !circuits.runOfAccount(account).isProven();
  };

  const queue = createFairQueue<Waiting>({
    organization: (organizationId, urgent) =>
      running.of('all') < limits.total - (urgent ? 0 : limits.reservedForPeople) &&
      running.of(`organization ${organizationId}`) < limits.perOrganization + (urgent ? 1 : 0),
    endpoint: ({ request }) =>
      running.of(`endpoint ${request.endpoint}`) < limits.perEndpoint + (request.urgent ? 1 : 0) &&
      !waitsForServer(request),
    identity: ({ request }) => running.of(identityKey(request)) < request.identityLimit && !waitsForAccount(request),
    entry: ({ request }) => running.of(exclusiveKey(request)) === 0,
  });

  const keysOf = (request: CheckRequest): readonly string[] => {
    const [run, account] = [runKey(request), accountKey(request)];
    return [
      'all',
      `organization ${request.organizationId}`,
      `endpoint ${request.endpoint}`,
      identityKey(request),
      exclusiveKey(request),
      ...(run === null ? [] : [`run ${run}`]),
      ...(account === null ? [] : [`account ${account}`]),
    ];
  };

  const dispatch = (): void => {
    for (let entry = queue.take(); entry !== null; entry = queue.take()) {
      const known = knownFailure(entry.request);
      if (known === null) entry.start();
      else entry.end({ _tag: 'Known', failure: known });
    }
  };

  const carryOut = async <Result>(request: CheckRequest, { start, lesson }: CheckTask<Result>): Promise<Result> => {
    const keys = keysOf(request);
    const concerned = circuitsOf(request);
    for (const key of keys) running.add(key, 1);
    for (const circuit of concerned) circuit.begin();
    let learned: Lesson = 'nothing';
    try {
      const result = await start();
      learned = lesson(result);
      return result;
    } finally {
      for (const key of keys) running.add(key, -1);
      for (const circuit of concerned) circuit.learn(learned);
      dispatch();
    }
  };

  const refusalOf = (request: CheckRequest): NotRun | null => {
    if (request.signal?.aborted === true) return { _tag: 'Cancelled' };
    const known = knownFailure(request);
    if (known !== null) return { _tag: 'Known', failure: known };
    return queue.size >= limits.maxWaiting && !request.urgent ? { _tag: 'TooMany' } : null;
  };

  return {
    run: <Result>(request: CheckRequest, task: CheckTask<Result>) =>
      new Promise<E.Either<NotRun, Result>>((resolve, reject) => {
        const refused = refusalOf(request);
        if (refused !== null) {
          resolve(E.left(refused));
          return;
        }
        const cancel = (): void => {
          if (queue.remove(own)) own.end({ _tag: 'Cancelled' });
        };
        const own: Waiting = {
          organizationId: request.organizationId,
          // The checks of one bulk run are held back together.
          endpoint: `${request.way} ${request.bulkRun ?? ''}`,
          identity: request.identity,
          urgent: request.urgent,
          request,
          start: () => {
            request.signal?.removeEventListener('abort', cancel);
            carryOut(request, task).then((result) => resolve(E.right(result)), reject);
          },
          end: (why) => {
            request.signal?.removeEventListener('abort', cancel);
            resolve(E.left(why));
          },
        };
        request.signal?.addEventListener('abort', cancel);
        queue.add(own);
        dispatch();
      }),
    state: () => ({ running: running.of('all'), waiting: queue.size }),
  };
};
