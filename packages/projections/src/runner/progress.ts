import type { Position } from '@mailroom/domain';

/** What a follower is doing. `halted` needs a person; `superseded`: another process has taken over; both are final. */
export type FollowerState = 'starting' | 'catchingUp' | 'live' | 'waiting' | 'halted' | 'superseded' | 'stopped';

/** How far one view or process manager has come, as data. Nothing is printed by this library. */
export interface FollowerProgress {
  readonly name: string;
  readonly version: number;
  readonly kind: 'view' | 'process';
  readonly state: FollowerState;
  /** Last position that is committed, rows and all. */
  readonly position: Position | null;
  /** Newest position of the store that this follower knows of. */
  readonly head: Position | null;
  readonly events: number;
  /** Milliseconds between the last handled event's recording and now; 0 once it has caught up, null when unknown. */
  readonly lagMs: number | null;
  /** Events still to come, where the store's positions can be counted; null where they cannot. */
  readonly lagEvents: number | null;
  /** Events a second, smoothed over about the last ten seconds. */
  readonly rate: number;
  /** Seconds until it has caught up at this rate; 0 once it has, null when unknown. */
  readonly etaSeconds: number | null;
  readonly parked: readonly ParkedKey[];
  readonly lastError: FollowerError | null;
  /** When rows were last committed, or the head last confirmed: what a health check compares with now. */
  readonly lastProgressAt: Date | null;
}

export interface ParkedKey {
  readonly key: string;
  readonly reason: string;
  /** The events that wait, in order. */
  readonly events: readonly { readonly eventId: string; readonly position: Position }[];
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
}: {
  readonly isLive: boolean;
  readonly now: number;
  readonly lastEventAt: Date | null;
  /** Events between here and the head; null: the store cannot count them. */
  readonly behind: number | null;
  readonly meter: ReturnType<typeof rateMeter>;
}): Pick<FollowerProgress, 'lagMs' | 'lagEvents' | 'rate' | 'etaSeconds'> => {
  const rate = meter.perSecond(now);
  if (isLive) return { lagMs: 0, lagEvents: 0, rate, etaSeconds: 0 };
  return {
    lagMs: lastEventAt === null ? null : Math.max(0, now - lastEventAt.getTime()),
    lagEvents: behind,
    rate,
    etaSeconds: behind === null || rate <= 0 ? null : Math.ceil(behind / rate),
  };
};
