import type { Position, Revision, StreamName } from '@mailroom/domain';

/**
 * What a follower is doing. `standby`: another process leads, this one waits to take over. `waiting`: something cannot
 * be reached; it is tried again. Final are `stopped`, `halted`, which needs a person, and `superseded`: the fence of a
 * follower without standby was taken.
 */
export type FollowerState =
  'starting' | 'standby' | 'catchingUp' | 'live' | 'waiting' | 'halted' | 'superseded' | 'stopped';

/** How much history lies between two positions, in what the store can count. */
export interface Distance {
  readonly unit: 'events' | 'bytes';
  readonly count: number;
}

/** How far one view or process manager has come, as data. Nothing is printed by this library. */
export interface FollowerProgress {
  readonly name: string;
  /** Version of the definition. */
  readonly version: number;
  /** The build that it works on; null: not known yet. */
  readonly build: number | null;
  readonly kind: 'view' | 'process';
  readonly state: FollowerState;
  /** Whether its rows are the ones that are kept: false while another process leads. */
  readonly isLeading: boolean;
  /** Last position that is committed, rows and all. */
  readonly position: Position | null;
  /** Newest position of the store that this follower knows of. */
  readonly head: Position | null;
  readonly events: number;
  /** Milliseconds between the last handled event's recording and now; 0 once it has caught up, null when unknown. */
  readonly lagMs: number | null;
  /** Events still to come, where the positions of the store count events; else null. */
  readonly lagEvents: number | null;
  /** Bytes of history still to come, where the positions of the store count bytes; else null. */
  readonly lagBytes: number | null;
  /** Events a second, smoothed over about the last ten seconds. */
  readonly rate: number;
  /** Seconds until it has caught up at this rate; 0 once it has, null when unknown. */
  readonly etaSeconds: number | null;
  readonly parked: readonly ParkedKey[];
  readonly lastError: FollowerError | null;
  /** When rows were last committed, or the head last confirmed: what a health check compares with now. */
  readonly lastProgressAt: Date | null;
}

/** A key whose events wait because one of them could not be applied. */
export interface ParkedKey {
  readonly key: string;
  readonly reason: string;
  /** The events that wait, in order. */
  readonly events: readonly ParkedEvent[];
}

export interface ParkedEvent {
  readonly eventId: string;
  readonly stream: StreamName;
  readonly revision: Revision;
  readonly position: Position;
}

/** What went wrong last, without any value of the data. `final`: the follower has stopped because of it. */
export interface FollowerError {
  readonly tag: string;
  readonly problem: string;
  readonly at: Date;
  readonly final: boolean;
}

/** An exponentially smoothed rate: `halfLifeMs` after a burst has ended, half of it is still shown. */
export const rateMeter = (halfLifeMs = 5000) => {
  let rate = 0;
  let last: number | null = null;
  return {
    add: (events: number, now: number): void => {
      if (last === null) {
        last = now;
        return;
      }
      const elapsed = Math.max(1, now - last);
      const weight = 1 - 0.5 ** (elapsed / halfLifeMs);
      rate += weight * ((events * 1000) / elapsed - rate);
      last = now;
    },
    perSecond: (now: number): number => (last === null ? 0 : rate * 0.5 ** (Math.max(0, now - last) / halfLifeMs)),
  };
};

/** How far behind, at what rate, and for how long still. */
export const pace = ({
  isLive,
  now,
  lastEventAt,
  behind,
  meter,
  distanceMeter,
}: {
  readonly isLive: boolean;
  readonly now: number;
  readonly lastEventAt: Date | null;
  /** What lies between here and the head; null: the store cannot say. */
  readonly behind: Distance | null;
  /** Events, and what the store counts, a second. */
  readonly meter: ReturnType<typeof rateMeter>;
  readonly distanceMeter: ReturnType<typeof rateMeter>;
}): Pick<FollowerProgress, 'lagMs' | 'lagEvents' | 'lagBytes' | 'rate' | 'etaSeconds'> => {
  const rate = meter.perSecond(now);
  const lag = isLive && behind !== null ? 0 : (behind?.count ?? null);
  const lagEvents = behind?.unit === 'events' ? lag : null;
  const lagBytes = behind?.unit === 'bytes' ? lag : null;
  if (isLive)
    return { lagMs: 0, lagEvents: lagEvents ?? (lagBytes === null ? 0 : null), lagBytes, rate, etaSeconds: 0 };
  const speed = distanceMeter.perSecond(now);
  return {
    lagMs: lastEventAt === null ? null : Math.max(0, now - lastEventAt.getTime()),
    lagEvents,
    lagBytes,
    rate,
    etaSeconds: behind === null || speed <= 0 ? null : Math.ceil(behind.count / speed),
  };
};
