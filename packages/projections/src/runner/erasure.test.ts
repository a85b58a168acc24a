import { OrganizationId, personEvents, PersonId, type RecordedEvent } from '@mailroom/domain';
import { expect, test } from 'vitest';
import type { View } from './definition.ts';
import { typesOf } from './erasure.ts';
import { decodeBatch, foldBatch } from './fold-batch.ts';
import { type CounterEvent, counterEvents, Raised } from './test-support/counters.ts';

interface Row {
  readonly who: PersonId;
  readonly name: string | null;
  readonly nick: string | null;
  readonly sum: number;
}

const ada = PersonId.orThrow('6f2b7c1e-0000-4000-8000-00000000ada0');
const bob = PersonId.orThrow('6f2b7c1e-0000-4000-8000-00000000b0b0');

const view: View<Row, CounterEvent> = {
  name: 'named',
  version: 1,
  events: counterEvents,
  personal: { personId: ({ who }) => who, fields: ['name', 'nick'] },
  keys: ({ data }) => [data.counter],
  evolve: (row, event) =>
    row === undefined || event.type !== 'Raised' ? row : { ...row, sum: row.sum + event.data.by, nick: 'again' },
};
const { personal: _personal, ...impersonal } = view;

const recorded = (stored: object): RecordedEvent => ({ stream: 'counter-1', ...stored }) as never;
const raised = recorded(counterEvents.encode(Raised({ counter: '1', by: 5 })));
const erasure = recorded(
  personEvents.encode({
    type: 'PersonErased',
    data: { organizationId: OrganizationId.orThrow('org'), personId: ada, kind: 'user' },
  }),
);

const rows: ReadonlyMap<string, Row> = new Map([
  ['1', { who: ada, name: 'Ada', nick: null, sum: 1 }],
  ['2', { who: ada, name: null, nick: 'Countess', sum: 2 }],
  ['3', { who: bob, name: 'Bob', nick: 'Bobby', sum: 3 }],
]);
const folded = (fold: View<Row, CounterEvent>, ...events: readonly RecordedEvent[]) =>
  foldBatch(fold, decodeBatch(fold, events), rows, 'halt', new Set<string>());

test('an erasure takes the person out of every row of theirs, what the batch wrote before it included', () => {
  const { changes, poison } = folded(view, raised, erasure);
  expect(poison).toEqual([]);
  expect([...changes]).toEqual([
    ['1', { who: ada, name: '[erased]', nick: '[erased]', sum: 6 }],
    ['2', { who: ada, name: null, nick: '[erased]', sum: 2 }],
  ]);
});

test('what comes after it is folded into the erased row', () => {
  const { changes } = folded(view, erasure, raised);
  expect(changes.get('1')).toEqual({ who: ada, name: '[erased]', nick: 'again', sum: 6 });
});

test('a fold without personal data neither asks for erasures nor minds them', () => {
  expect(typesOf(view)).toContain('PersonErased');
  expect(typesOf(impersonal)).toEqual(counterEvents.types);
  expect(folded(impersonal, erasure).changes.size).toBe(0);
});
