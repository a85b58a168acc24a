import { join } from 'node:path';
import { openDatabase } from '@mailroom/sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { knownNames } from './known-names.ts';
import { prepareSchema } from './schema.ts';
import { temporaryFolder } from './test-support.ts';

test('names that nobody has used are looked for again once somebody, here or elsewhere, has used a new one', () => {
  const file = join(temporaryFolder(), 'events.db');
  const open = () => {
    const database = openDatabase({ file });
    onTestFinished(() => database.close());
    prepareSchema(database);
    return { names: knownNames(database, 'types'), database };
  };
  const [here, elsewhere] = [open(), open()];
  expect(here.names.findAll(['A', 'B', 'C'])).toEqual([]);
  const first = elsewhere.names.give('B');
  expect(here.names.findAll(['A', 'B', 'C'])).toEqual([first]);
  const second = here.names.give('A');
  expect(here.names.findAll(['A', 'B', 'C'])).toEqual([second, first]);
  expect(elsewhere.names.findAll(['C', 'A'])).toEqual([second]);

  // A number that was given in a transaction that is taken back may be given to another name.
  here.database.exec('BEGIN IMMEDIATE');
  here.names.give('C');
  expect(here.names.findAll(['C', 'D'])).toHaveLength(1);
  here.database.exec('ROLLBACK');
  here.names.forget();
  const third = elsewhere.names.give('D');
  expect(here.names.findAll(['C', 'D'])).toEqual([third]);

  // Asked for alone, with nothing else that is missing: what this process has given itself is known all the same.
  expect(here.names.findAll(['E'])).toEqual([]);
  const fourth = here.names.give('E');
  expect(here.names.findAll(['E'])).toEqual([fourth]);
});
