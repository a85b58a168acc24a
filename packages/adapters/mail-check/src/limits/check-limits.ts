import { type CheckReport, type Failure, failure } from '@mailroom/domain';
import { type BreakerOptions, type Circuit, createCircuit, defaultBreaker } from './breaker.ts';
import { createFairQueue, type Place } from './fair-queue.ts';
import { createTally } from './tally.ts';

/** A check that wants to be run. */
export interface CheckRequest {
  readonly organizationId: string;
  /** Protocol, host and port; use `endpointOf`. */
  readonly endpoint: string;
  /** Who logs in: the mailbox with its own credentials, the profile with the profile's. */
  readonly identity: string;
  /** Connections at once of this identity (profile: maximum concurrent connections). */
  readonly identityLimit: number;
  /** Only one check with this key runs at a time: the mailbox and its channel. */
  readonly exclusive: string;
  /** A person waits for it: it goes before bulk work and is tried even where the server is known to be down. */
  readonly urgent: boolean;
  /** Names the bulk run: until its first check of an endpoint gets through, the others wait for it. */
  readonly bulkRun?: string;
  /** Aborted while the check waits: it ends as cancelled. */
  readonly signal?: AbortSignal;
}

export interface CheckLimitsOptions {
  /** Checks at once in all. */
  readonly total: number;
  /** Of these, kept free for people who wait. */
  readonly reservedForPeople: number;
  readonly perOrganization: number;
  /** Connections at once to one server, over all organizations; one more for a person who waits. */
  readonly perEndpoint: number;
  /** Checks that may wait; above that they end as ChecksRateLimited. */
  readonly maxWaiting: number;
  readonly breaker: BreakerOptions;
}

export const defaultCheckLimits: CheckLimitsOptions = {
  total: 64,
  reservedForPeople: 8,
  perOrganization: 48,
  perEndpoint: 32,
  maxWaiting: 100_000,
  breaker: defaultBreaker,
};

/** Runs checks within limits, fairly. */
export interface CheckLimits {
  /** Settles with the report of the check, or with a report of its own when the check was not run. Never rejects. */
  readonly run: (request: CheckRequest, check: () => Promise<CheckReport>) => Promise<CheckReport>;
  /** How many run and wait now. */
  readonly state: () => { readonly running: number; readonly waiting: number };
}

/** The key of a server. */
export const endpointOf = (target: {
  readonly protocol: string;
  readonly host: string;
  readonly port: number;
}): string => `${target.protocol} ${target.host.toLowerCase()}:${target.port}`;

interface Waiting extends Place {
  readonly request: CheckRequest;
  readonly start: () => void;
  readonly end: (failure: Failure) => void;
}

const notRun = (reason: Failure): CheckReport => ({
  verdict: 'failed',
  failure: reason,
  warnings: [],
  steps: [],
  ms: 0,
});

const identityKey = ({ organizationId, identity }: CheckRequest): string => `identity ${organizationId} ${identity}`;
const exclusiveKey = ({ organizationId, exclusive }: CheckRequest): string =>
  `exclusive ${organizationId} ${exclusive}`;

/** Circuits that nobody asked for in a long time are forgotten, the oldest first. */
const maxCircuits = 10_000;

/** The limits of one process. */
export const createCheckLimits = (options: Partial<CheckLimitsOptions> = {}): CheckLimits => {
  const limits = { ...defaultCheckLimits, ...options };
  const running = createTally();
  const circuits = new Map<string, Circuit>();

  const circuitOf = (key: string): Circuit => {
    const circuit = circuits.get(key) ?? createCircuit(limits.breaker);
    circuits.delete(key);
    circuits.set(key, circuit);
    const oldest = circuits.keys().next();
    if (circuits.size > maxCircuits && oldest.done !== true) circuits.delete(oldest.value);
    return circuit;
  };
  const serverKey = ({ organizationId, endpoint }: CheckRequest): string => `server ${organizationId} ${endpoint}`;
  const runKey = (request: CheckRequest): string => `run ${request.bulkRun ?? ''} ${serverKey(request)}`;

  /** In a bulk run one check goes ahead until one got through. */
  const isHeldBack = (request: CheckRequest): boolean =>
    request.bulkRun !== undefined && !circuitOf(runKey(request)).isProven() && running.of(runKey(request)) > 0;

  const queue = createFairQueue<Waiting>({
    organization: (organizationId, urgent) =>
      running.of('all') < limits.total - (urgent ? 0 : limits.reservedForPeople) &&
      running.of(`organization ${organizationId}`) < limits.perOrganization,
    endpoint: ({ request }) =>
      running.of(`endpoint ${request.endpoint}`) < limits.perEndpoint + (request.urgent ? 1 : 0) &&
      !isHeldBack(request),
    identity: ({ request }) => running.of(identityKey(request)) < request.identityLimit,
    entry: ({ request }) => running.of(exclusiveKey(request)) === 0,
  });

  const knownFailure = (request: CheckRequest): Failure | null =>
    request.urgent ? null : circuitOf(serverKey(request)).known();

  const keysOf = (request: CheckRequest): readonly string[] => [
    'all',
    `organization ${request.organizationId}`,
    `endpoint ${request.endpoint}`,
    identityKey(request),
    exclusiveKey(request),
    ...(request.bulkRun === undefined ? [] : [runKey(request)]),
  ];

  const dispatch = (): void => {
    for (let entry = queue.take(); entry !== null; entry = queue.take()) {
      const known = knownFailure(entry.request);
      if (known === null) entry.start();
      else entry.end(known);
    }
  };

  const carryOut = async (request: CheckRequest, check: () => Promise<CheckReport>): Promise<CheckReport> => {
    const keys = keysOf(request);
    for (const key of keys) running.add(key, 1);
    circuitOf(serverKey(request)).begin();
    const report = await check().catch(() => notRun(failure('ClientBug')));
    for (const key of keys) running.add(key, -1);
    circuitOf(serverKey(request)).record(report);
    if (request.bulkRun !== undefined) circuitOf(runKey(request)).record(report);
    return report;
  };

  const refusalOf = (request: CheckRequest): Failure | null => {
    if (request.signal?.aborted === true) return failure('Cancelled');
    return knownFailure(request) ?? (queue.size >= limits.maxWaiting ? failure('ChecksRateLimited') : null);
  };

  return {
    run: (request, check) =>
      new Promise((resolve) => {
        const refused = refusalOf(request);
        if (refused !== null) {
          resolve(notRun(refused));
          return;
        }
        const cancel = (): void => {
          if (queue.remove(own)) own.end(failure('Cancelled'));
        };
        const own: Waiting = {
          organizationId: request.organizationId,
          // The checks of one bulk run are held back together.
          endpoint: `${request.endpoint}\n${request.bulkRun ?? ''}`,
          identity: request.identity,
          urgent: request.urgent,
          request,
          start: () => {
            request.signal?.removeEventListener('abort', cancel);
            void carryOut(request, check).then((report) => {
              resolve(report);
              dispatch();
            });
          },
          end: (reason) => {
            request.signal?.removeEventListener('abort', cancel);
            resolve(notRun(reason));
          },
        };
        request.signal?.addEventListener('abort', cancel, { once: true });
        queue.add(own);
        dispatch();
      }),
    state: () => ({ running: running.of('all'), waiting: queue.size }),
  };
};
