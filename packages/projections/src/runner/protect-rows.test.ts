import { PersonId, type Position } from '@mailroom/domain';
import { memoryVault } from '@mailroom/domain/testing';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import type { View } from './definition.ts';
import { memoryViewStore } from './memory-view-store.ts';
import { protectRows } from './protect-rows.ts';
import { type CounterEvent, counterEvents } from './test-support/counters.ts';

interface Row {
  readonly who: PersonId;
  readonly name: string | null;
  readonly hits: number;
}

const ada = PersonId.orThrow('6f2b7c1e-0000-4000-8000-00000000ada0');
const view: View<Row, CounterEvent> = {
  name: 'named',
  version: 1,
  events: counterEvents,
  personal: { personId: ({ who }) => who, fields: ['name'] },
  keys: () => [],
  evolve: () => undefined,
};
const name = { name: 'named', version: 1 };

const written = async () => {
  const inner = memoryViewStore();
  const vault = memoryVault();
  const views = protectRows(inner, vault, [view]);
  const opened = await views.open(name)();
  if (E.isLeft(opened)) throw new Error('not opened');
  const rows = new Map([['1', { who: ada, name: 'Ada Lovelace', hits: 2 }]]);
  expect(E.isRight(await views.commit(name, opened.right, '1' as Position, rows)())).toBe(true);
  return { inner, vault, views };
};

const scanned = async (views: ReturnType<typeof memoryViewStore>): Promise<unknown> => {
  for await (const batch of views.scan(name)) return batch.rows[0]?.[1];
  return undefined;
};

test('what is kept holds no personal text; what is read does', async () => {
  const { inner, views } = await written();
  expect(JSON.stringify(await scanned(inner))).not.toContain('Lovelace');
  expect(await scanned(inner)).toMatchObject({ who: ada, hits: 2 });
  expect(await scanned(views)).toEqual({ who: ada, name: 'Ada Lovelace', hits: 2 });
  const loaded = await views.load(name, ['1'])();
  expect(E.isRight(loaded) && loaded.right.get('1')).toMatchObject({ name: 'Ada Lovelace' });
});

test('another process reads it too; once the person is erased, nobody does', async () => {
  const { inner, vault } = await written();
  const other = protectRows(inner, vault.reopen(), [view]);
  expect(await scanned(other)).toMatchObject({ name: 'Ada Lovelace' });
  expect(E.isRight(await vault.erase(ada)())).toBe(true);
  expect(await scanned(protectRows(inner, vault.reopen(), [view]))).toMatchObject({ name: '[erased]', hits: 2 });
});
