import { collectDefaultMetrics, Counter, Gauge, Registry } from 'prom-client';
import type { FollowerState } from '../runner/progress.ts';
import type { Health, Watched } from './health.ts';

export interface MetricsSource {
  readonly look: () => Watched;
  readonly health: () => Health;
  /** What processes still owe, by process and state. */
  readonly owed?: () => ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const states: readonly FollowerState[] = [
  'starting',
  'standby',
  'catchingUp',
  'live',
  'waiting',
  'halted',
  'superseded',
  'stopped',
];

/** The figures of a process for Prometheus, worked out when they are asked for; labels hold names alone, never data. */
export const metricsOf = ({ look, health, owed }: MetricsSource): Registry => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const labelNames = ['name', 'kind'] as const;

  const each = (
    name: string,
    help: string,
    valueOf: (one: Watched['followers'][number], watched: Watched) => number | null,
  ): Gauge =>
    new Gauge({
      name: `mailroom_projection_${name}`,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        const watched = look();
        for (const one of watched.followers) {
          const value = valueOf(one, watched);
          if (value !== null) this.set({ name: one.progress.name, kind: one.progress.kind }, value);
        }
      },
    });

  each('lag_seconds', 'Age of the last event that was taken in, while catching up; 0 when live.', ({ progress }) =>
    progress.lagMs === null ? null : progress.lagMs / 1000,
  );
  each('lag_events', 'Events still to come, where the store counts events.', ({ progress }) => progress.lagEvents);
  each(
    'lag_bytes',
    'Bytes of history still to come, where the store counts bytes.',
    ({ progress }) => progress.lagBytes,
  );
  each('rate', 'Events a second, smoothed.', ({ progress }) => progress.rate);
  each('eta_seconds', 'Seconds until it has caught up at this rate.', ({ progress }) => progress.etaSeconds);
  each(
    'parked_keys',
    'Keys that wait behind an event that could not be applied.',
    ({ progress }) => progress.parked.length,
  );
  each('leading', '1 where this process writes the rows, 0 where it stands by.', ({ progress }) =>
    progress.isLeading ? 1 : 0,
  );
  each(
    'unconfirmed_seconds',
    'Seconds since it took a step or was seen to be up to date.',
    ({ confirmedAt }, { now }) => Math.max(0, (now.getTime() - confirmedAt.getTime()) / 1000),
  );

  new Gauge({
    name: 'mailroom_projection_state',
    help: '1 for the state that the projection is in, 0 for all others.',
    labelNames: [...labelNames, 'state'],
    registers: [registry],
    collect() {
      for (const { progress } of look().followers) {
        const { name, kind } = progress;
        for (const state of states) this.set({ name, kind, state }, progress.state === state ? 1 : 0);
      }
    },
  });

  new Counter({
    name: 'mailroom_projection_events_total',
    help: 'Events that this process has folded.',
    labelNames,
    registers: [registry],
    collect() {
      this.reset();
      for (const { progress } of look().followers) {
        this.inc({ name: progress.name, kind: progress.kind }, progress.events);
      }
    },
  });

  new Gauge({
    name: 'mailroom_store_unconfirmed_seconds',
    help: 'Seconds since the event store last answered.',
    registers: [registry],
    collect() {
      const { now, sourceConfirmedAt } = look();
      this.set(Math.max(0, (now.getTime() - sourceConfirmedAt.getTime()) / 1000));
    },
  });

  new Gauge({
    name: 'mailroom_ready',
    help: '1 when /health/ready says yes.',
    registers: [registry],
    collect() {
      this.set(health().ready ? 1 : 0);
    },
  });

  if (owed !== undefined) {
    new Gauge({
      name: 'mailroom_process_owed',
      help: 'Instructions that a process still owes, by state.',
      labelNames: ['name', 'state'],
      registers: [registry],
      collect() {
        this.reset();
        for (const [name, byState] of owed()) {
          for (const [state, count] of byState) this.set({ name, state }, count);
        }
      },
    });
  }
  return registry;
};
