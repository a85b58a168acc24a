import { describe, expect, test } from 'vitest';
import type { Committed } from '../../kernel/aggregate.ts';
import { type Position, StreamName } from '../../kernel/event-store.ts';
import { isRejection, outcomeOf, type Refusal } from './outcome.ts';
import { note, reject } from './texts.ts';

const write = (position: string | null, changes: Partial<Committed> = {}): Committed => ({
  stream: StreamName.orThrow('mailbox-1'),
  revision: 0,
  position: position as Position | null,
  events: position === null ? [] : [{ type: 'Happened', data: {} }],
  duplicate: false,
  ...changes,
});
const again = { duplicate: true };

describe('the outcome of a command', () => {
  test.each<[string, readonly Committed[], string | null, boolean]>([
    ['that wrote nothing', [], null, false],
    ['that found nothing to change', [write(null)], null, false],
    ['that wrote', [write('05')], '05', false],
    [
      'that wrote several times is as far as the last of it',
      [write('05'), write('07'), write(null), write('06')],
      '07',
      false,
    ],
    ['that was carried out before', [write('05', again), write('04', again)], '05', true],
    ['of which a part was carried out before', [write('05', again), write('06')], '06', false],
    ['of which the rest had nothing to change', [write('05', again), write(null)], '05', true],
    ['of which the rest was repeated without effect', [write('05'), write(null, again)], '05', false],
  ])('%s', (_, writes, position, duplicate) =>
    expect(outcomeOf('result', writes)).toEqual({ position, result: 'result', notes: [], duplicate }),
  );

  test('says what else there is to say', () => {
    const notes = [note('TestQueued', {})];
    expect(outcomeOf(null, [], notes).notes).toEqual(notes);
  });
});

test('trouble with store, vault or directory is no rejection', () => {
  const troubles = [
    'StoreUnavailable',
    'StoreRefused',
    'WrongExpectedRevision',
    'OutcomeUnknown',
    'TooLarge',
    'EventUndecodable',
    'VaultUnavailable',
    'DirectoryUnavailable',
  ];
  expect(troubles.filter((_tag) => isRejection({ _tag } as Refusal))).toEqual([]);
  expect(isRejection(reject.PersonNotFound({ kind: 'user', id: 'x' }))).toBe(true);
  expect(isRejection({ _tag: 'toString' } as Refusal)).toBe(true);
});
