import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Position, RecordedEvent } from '../kernel/event-store.ts';
import { StreamName } from '../kernel/event-store.ts';
import * as Mailbox from '../mailbox/index.ts';
import { play, story } from '../testing/mailbox-stories.ts';
import { runsOf } from '../testing/test-size.ts';
import { derivedId } from '../values/index.ts';
import { testing, type TestingRow } from './testing.ts';

const recorded = (event: Mailbox.Event, revision: number): RecordedEvent => ({
  ...Mailbox.events.encode(event),
  id: derivedId('event', String(revision)),
  stream: StreamName.orThrow('mailbox-1'),
  revision,
  position: String(revision) as Position,
  recordedAt: new Date(0),
  metadata: {
    commandId: derivedId('command', String(revision)),
    correlationId: derivedId('correlation', String(revision)),
    causationId: derivedId('causation', String(revision)),
    actorId: 'grace',
    actorKind: 'person',
    organizationId: 'contoso',
    command: 'Test',
  },
});

type Of = Parameters<typeof testing.evolve>[1];
const concerns = (event: Mailbox.Event): event is Of =>
  (testing.events.types as readonly string[]).includes(event.type);

const rowOf = (events: readonly Mailbox.Event[]): TestingRow | undefined =>
  events
    .filter(concerns)
    .reduce<TestingRow | undefined>(
      (row, event, revision) => testing.evolve(row, event, event.data.mailboxId, recorded(event, revision)),
      undefined,
    );

describe('what is owed about the tests of a mailbox, whatever is asked of it', () => {
  test('is its open test; or, while none is open, the retry that comes first; and nothing else', () => {
    fc.assert(
      fc.property(story, ([first, steps]) => {
        const turns = play(first, steps);
        const state = turns.at(-1)?.after;
        const row = rowOf(turns.flatMap(({ events }) => events));
        if (state?._tag !== 'Registered' || row === undefined)
          throw new Error('every story begins with a registration');

        const intents = testing.intents(row, state.mailboxId);
        if (state.test !== null) {
          expect(intents).toMatchObject([{ due: null, instruction: { type: 'RunTest', testId: state.test.testId } }]);
          return;
        }
        const waiting = Object.values(state.channels).flatMap(({ nextAttemptAt, paused }) =>
          nextAttemptAt === null || paused ? [] : [nextAttemptAt.getTime()],
        );
        expect(intents).toHaveLength(waiting.length === 0 ? 0 : 1);
        for (const { due, instruction } of intents) {
          expect(instruction.type).toBe('RequestRetry');
          expect(due?.getTime()).toBeGreaterThanOrEqual(Math.min(...waiting));
          if (instruction.type !== 'RequestRetry') continue;
          for (const channel of instruction.channels) {
            expect(due?.getTime()).toBeGreaterThanOrEqual(state.channels[channel].nextAttemptAt?.getTime() ?? Infinity);
          }
        }
      }),
      { numRuns: runsOf({ small: 150, ci: 1000, full: 10_000 }) },
    );
  });
});
