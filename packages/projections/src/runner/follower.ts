import type { DomainEvent, ViewError } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import { delayOf } from './backoff.ts';
import type { Fold } from './definition.ts';
import { typesOf } from './erasure.ts';
import type { Follower, FollowerEnv, FollowerOptions } from './follower-types.ts';
import { follow } from './follow.ts';
import { keepRows, type RowKeeper } from './keep-rows.ts';
import type { Term } from './leadership.ts';
import { lookAhead } from './look-ahead.ts';
import { currentTerm, openSession, type Session, storedName } from './session.ts';
import { aborted, pause } from './timers.ts';
import { trackProgress } from './track-progress.ts';
import { tryForEver } from './try-for-ever.ts';

/**
 * Catches up, then follows live. Rows are loaded once per batch, and only those that changed are written, with the
 * checkpoint, in one commit. Passing trouble is retried for ever; a newer or broken event stops it, or parks its key.
 * Where there is a leadership, only the leader writes; the others stand by, and take over where it stopped.
 */
export const follower = <Row, Event extends DomainEvent>(
  env: FollowerEnv,
  fold: Fold<Row, Event>,
  options: FollowerOptions<Row>,
): Follower => {
  const { store, timers, backoff } = env;
  const name = storedName(options.kind, fold.name);
  const indexes = 'indexes' in fold ? fold.indexes : [];
  const progress = trackProgress({ env, name: fold.name, onState: () => options.onState?.() });
  const { enter, fault, advance, isFinal, waiting } = progress;
  let session: Session | null = null;
  let keeper: RowKeeper | null = null;

  const end = (as: 'halted' | 'superseded' | 'stopped'): void => {
    ahead.end();
    progress.end(as);
  };
  const ahead = lookAhead({
    store,
    types: typesOf(fold),
    timers,
    wanted: waiting.furthest,
    reached: progress.reached,
    isLive: () => progress.state() === 'live',
    onNothing: advance,
  });

  /** One term, from opening the view to its end, or to the first trouble that does not pass by waiting. */
  const serve = async (term: Term, signal: AbortSignal): Promise<void> => {
    const found = await openSession(env, fold, options, term);
    if (E.isLeft(found)) {
      fault(found.left._tag, 'the view store cannot be reached');
      return;
    }
    const { views, view } = (session = found.right);
    progress.restart(null);
    const patiently = <A>(task: TaskEither<ViewError, A>): Promise<A | 'fenced' | 'again'> =>
      tryForEver({ timers, backoff, signal, onFault: (tag) => fault(tag, 'the view store cannot be reached') }, task);
    const opened = await patiently(views.open(view, { definition: fold.version, indexes }));
    if (opened === 'again' || opened === 'fenced') return;
    const rows = keepRows({ env, fold, options, session, opened, progress, patiently, end });
    // Whoever waits for a position reads the rows then: first the rows, then how far they have come.
    await rows.restore();
    keeper = rows;
    progress.restart(opened.position);
    await progress.askHead();
    enter('catchingUp');
    const range = { after: progress.reached(), types: typesOf(fold), signal };
    const ended = await follow(store, range, rows.handlers(progress.head()));
    if (ended._tag === 'Dropped') {
      const tag = ended.error?._tag ?? (ended.thrown === null ? 'SubscriptionEnded' : 'AdapterThrew');
      fault(tag, ended.error?._tag === 'StoreRefused' ? ended.error.problem : 'the event store cannot be read now');
    }
  };

  const run = async (signal: AbortSignal): Promise<void> => {
    const isStopping = (): boolean => signal.aborted;
    for (let attempt = 1; !isStopping() && !isFinal(); attempt += 1) {
      const handledBefore = progress.events();
      const term = currentTerm(env, name);
      if (!term.isLeading && options.observes !== true) {
        enter('standby');
        await aborted(term.signal, signal);
        attempt = 0;
        continue;
      }
      try {
        await serve(term, AbortSignal.any([signal, term.signal]));
      } catch (thrown) {
        fault(
          'ViewUnavailable',
          thrown instanceof Error ? `the view store threw ${thrown.name}` : 'the view store threw',
        );
      }
      options.onBehind?.();
      if (isStopping() || isFinal()) break;
      if (term.signal.aborted) {
        if (!currentTerm(env, name).isLeading) options.onResigned?.();
        attempt = 0;
        continue;
      }
      enter('waiting');
      if (progress.events() > handledBefore) attempt = 1;
      await pause(timers, delayOf(backoff, attempt, timers.random), AbortSignal.any([signal, term.signal]));
    }
    if (!isFinal()) {
      await keeper?.commitLast();
      end('stopped');
    }
  };

  return {
    run,
    reached: progress.reached,
    whenReached: (position, signal) => async () => {
      const reached = progress.reached();
      if (reached !== null && reached >= position) return E.right(undefined);
      if (isFinal()) return E.left({ _tag: 'NotReached', name: fold.name, state: progress.state() });
      ahead.soon();
      return waiting.until(position, signal);
    },
    progress: () => ({
      name: fold.name,
      version: fold.version,
      build: session?.view.version ?? null,
      kind: options.kind,
      isLeading: currentTerm(env, name).isLeading,
      parked: keeper?.parked() ?? [],
      ...progress.now(),
    }),
  };
};
