import type { Intent } from '@mailroom/domain';
import { delayOf } from './backoff.ts';
import { laneQueue } from './lane-queue.ts';
import type { AgendaOptions, CarriedOut, Owed, OwedState } from './owed.ts';

interface Entry<Instruction> {
  intent: Intent<Instruction>;
  readonly key: string;
  state: OwedState;
  failures: number;
  retryAt: Date | null;
  problem: string | null;
  cancelTimer: () => void;
  readonly ending: AbortController;
}

/**
 * What is owed now, by row, and its carrying out: when due, a bounded number at a time, each intent once in the life of
 * this process (a failed try is repeated). Nothing starts before `start`: first the history, then what is still owed.
 */
export const agenda = <Instruction>(options: AgendaOptions<Instruction>) => {
  const { carryOut, concurrency, perLane = concurrency, lane, timers, backoff, onChange } = options;
  const rows = new Map<string, Map<string, Entry<Instruction>>>();
  const queue = laneQueue<Entry<Instruction>>();
  const underWay = new Set<Promise<void>>();
  const inLane = new Map<string, number>();
  let open = false;
  let ended = false;
  let pumping = false;

  const enqueue = (entry: Entry<Instruction>): void => {
    entry.state = 'queued';
    const { lane: name, urgent } = lane(entry.intent.instruction, entry.key);
    queue.push(entry, name, urgent);
    pump();
  };

  /** Waits until `at`, in several steps when it is further away than a timer reaches. */
  const wake = (entry: Entry<Instruction>, at: Date): void => {
    entry.cancelTimer = timers.after(at.getTime() - timers.now().getTime(), () => {
      if (at > timers.now()) wake(entry, at);
      else enqueue(entry);
    });
  };

  const consider = (entry: Entry<Instruction>): void => {
    if (!open || ended) {
      entry.state = 'held';
      return;
    }
    const { due } = entry.intent;
    if (due !== null && due > timers.now()) {
      entry.state = 'scheduled';
      wake(entry, due);
    } else enqueue(entry);
  };

  const attempt = async (entry: Entry<Instruction>): Promise<void> => {
    const { key, intent, ending } = entry;
    let result: CarriedOut;
    try {
      result = await carryOut({ key, intentKey: intent.key, instruction: intent.instruction, signal: ending.signal });
    } catch (thrown) {
      result = { _tag: 'Again', tag: 'Threw', problem: thrown instanceof Error ? thrown.name : 'thrown value' };
    }
    if (ending.signal.aborted) return;
    if (result._tag === 'Done') {
      entry.state = 'done';
      entry.problem = null;
      return;
    }
    entry.failures += 1;
    entry.problem = `${result.tag}: ${result.problem}`;
    entry.state = 'retrying';
    entry.retryAt = new Date(timers.now().getTime() + delayOf(backoff, entry.failures, timers.random));
    if (open) wake(entry, entry.retryAt);
    else entry.state = 'held';
  };

  /** In the next microtask, when everything that one commit made due is in the queue: only then can lanes take turns. */
  const pump = (): void => {
    if (pumping) return;
    pumping = true;
    queueMicrotask(() => {
      pumping = false;
      begin();
    });
  };

  const countInLane = (name: string, by: 1 | -1): void => {
    const count = (inLane.get(name) ?? 0) + by;
    if (count === 0) inLane.delete(name);
    else inLane.set(name, count);
  };

  const begin = (): void => {
    while (open && !ended && underWay.size < concurrency) {
      const entry = queue.shift((name) => (inLane.get(name) ?? 0) < perLane);
      if (entry === undefined) break;
      if (entry.ending.signal.aborted) continue;
      entry.state = 'running';
      entry.retryAt = null;
      const { lane: name, urgent } = lane(entry.intent.instruction, entry.key);
      if (!urgent) countInLane(name, 1);
      const running: Promise<void> = attempt(entry).finally(() => {
        underWay.delete(running);
        if (!urgent) countInLane(name, -1);
        pump();
        onChange();
      });
      underWay.add(running);
    }
    onChange();
  };

  const forget = (entry: Entry<Instruction>): void => {
    entry.cancelTimer();
    entry.ending.abort();
  };

  const sameDue = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime();

  return {
    /** Replaces what this row owes. What it no longer owes is dropped, and stopped when it is under way. */
    update: (key: string, intents: readonly Intent<Instruction>[]): void => {
      const before = rows.get(key);
      const now = new Map<string, Entry<Instruction>>();
      for (const intent of intents) {
        const known = before?.get(intent.key);
        if (known !== undefined) {
          const moved = !sameDue(known.intent.due, intent.due);
          known.intent = intent;
          now.set(intent.key, known);
          if (moved && known.state === 'scheduled') {
            known.cancelTimer();
            consider(known);
          }
          continue;
        }
        const entry: Entry<Instruction> = {
          intent,
          key,
          state: 'held',
          failures: 0,
          retryAt: null,
          problem: null,
          cancelTimer: () => undefined,
          ending: new AbortController(),
        };
        now.set(intent.key, entry);
      }
      for (const [intentKey, entry] of before ?? []) if (!now.has(intentKey)) forget(entry);
      if (now.size === 0) rows.delete(key);
      else rows.set(key, now);
      for (const [intentKey, entry] of now) if (before?.has(intentKey) !== true) consider(entry);
      onChange();
    },
    /** The history is known: what is still owed is carried out from now on. */
    start: (): void => {
      if (open || ended) return;
      open = true;
      for (const row of rows.values()) for (const entry of row.values()) if (entry.state === 'held') consider(entry);
      pump();
    },
    /** Nothing new is started until `start`; what is under way goes on. */
    hold: (): void => {
      open = false;
      for (const row of rows.values()) {
        for (const entry of row.values()) {
          if (entry.state === 'running' || entry.state === 'done') continue;
          entry.cancelTimer();
          entry.state = 'held';
        }
      }
      queue.clear();
      onChange();
    },
    /** Forgets every row (before they are read anew). What is under way goes on, and is known again by its key. */
    keep: (keys: ReadonlySet<string>): void => {
      for (const [key, row] of rows) {
        if (keys.has(key)) continue;
        for (const entry of row.values()) forget(entry);
        rows.delete(key);
      }
    },
    /** Stops for good: aborts what is under way and resolves when all of it has ended. */
    end: async (): Promise<void> => {
      ended = true;
      for (const row of rows.values()) for (const entry of row.values()) forget(entry);
      await Promise.all([...underWay]);
    },
    owed: (): readonly Owed<Instruction>[] =>
      [...rows.values()].flatMap((row) =>
        [...row.values()].map(({ key, intent, state, failures, retryAt, problem }) => ({
          key,
          intentKey: intent.key,
          instruction: intent.instruction,
          due: intent.due,
          state,
          failures,
          retryAt,
          problem,
        })),
      ),
    /** Nothing is queued or under way; what is scheduled, waits for a retry, or is done and not yet answered, may remain. */
    isQuiet: (): boolean => underWay.size === 0 && queue.size() === 0,
  };
};
