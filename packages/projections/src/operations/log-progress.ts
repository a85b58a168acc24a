import type { FollowerProgress } from '../runner/progress.ts';
import type { Health } from './health.ts';
import type { Logger } from './log.ts';

interface Seen {
  readonly state: string;
  readonly error: string;
  readonly parked: number;
}

/**
 * Logs what changes: states, errors, parked keys, readiness (null: of no interest any more). Call it as often as you
 * like; the same is said once.
 */
export const progressLog = (log: Logger): ((progress: readonly FollowerProgress[], health: Health | null) => void) => {
  const seen = new Map<string, Seen>();
  let lastReasons: string | null = null;

  const tell = (progress: FollowerProgress): void => {
    const { name, kind, state, version, position, lastError, parked } = progress;
    const about = { projection: name, kind, version };
    const error = lastError === null ? '' : `${lastError.tag} ${lastError.at.toISOString()}`;
    const before = seen.get(`${kind}/${name}`);
    seen.set(`${kind}/${name}`, { state, error, parked: parked.length });
    if (error !== '' && before?.error !== error) {
      const { tag, problem, final } = lastError ?? { tag: '', problem: '', final: false };
      log[final ? 'error' : 'warn'](
        { ...about, tag, problem, final },
        final ? 'stopped for good' : 'trouble, tried again',
      );
    }
    if (before?.state !== state) {
      const level = state === 'halted' || state === 'superseded' ? 'error' : state === 'starting' ? 'debug' : 'info';
      log[level]({ ...about, state, position }, `is ${state}`);
    }
    if (before !== undefined && parked.length > before.parked) {
      log.warn({ ...about, parked: parked.length }, 'an event could not be applied: its key waits');
    }
  };

  return (progress, health) => {
    for (const one of progress) tell(one);
    if (health === null) return;
    const { ready, reasons } = health;
    const told = reasons.join('; ');
    // The seconds in a reason grow; that is nothing new.
    const same = told.replace(/\d+ s/g, '');
    if (lastReasons !== null && lastReasons !== same) {
      if (ready) log.info('ready');
      else log.warn({ reasons }, 'not ready');
    }
    lastReasons = same;
  };
};
