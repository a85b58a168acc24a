import * as assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import type { DomainEvent, EventFamily, StoredData } from '../kernel/events.ts';
import type { JsonObject } from '../kernel/json.ts';
import { jsonSchemaOf } from '../kernel/json-schema.ts';
import { jsonFrom } from './json-from-schema.ts';
import { runsOf } from './test-size.ts';

/** The names of the fixture files in this folder: one for each event and each schema version that was ever stored. */
export const fixturesIn = (folder: URL): readonly string[] => readdirSync(folder).sort();

/** Reads a fixture as it was stored. */
export const fixture = (folder: URL, name: string): StoredData =>
  JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as StoredData;

/** Every event of the family has a file for each of its schema versions, and there is no other file. */
export const assertComplete = (family: Pick<EventFamily<DomainEvent>, 'definitions'>, folder: URL): void => {
  const expected = family.definitions.flatMap(({ type, schemaVersion }) =>
    Array.from({ length: schemaVersion }, (_, index) => `${type}.v${index + 1}.json`),
  );
  assert.deepEqual(fixturesIn(folder), [...expected].sort());
};

/** The fixture can be read today; the newest version is written back exactly as it was stored. */
export const assertReadable = <Event extends DomainEvent>(family: EventFamily<Event>, stored: StoredData): void => {
  const decoded = family.decode(stored);
  if (E.isLeft(decoded)) assert.fail(decoded.left.problems.join('; '));
  const newest = family.definitions.find(({ type }) => type === stored.type)?.schemaVersion;
  if (stored.schemaVersion === newest) assert.deepEqual(family.encode(decoded.right), stored);
};

/** Whatever an event of this type may hold, as its published schema says, is read and written back without a change. */
export const assertRoundTrip = <Event extends DomainEvent>(family: EventFamily<Event>, type: string): void => {
  const definition = family.definitions.find((one) => one.type === type);
  assert.ok(definition);
  const { codec, schemaVersion } = definition;
  fc.assert(
    fc.property(jsonFrom(jsonSchemaOf(codec)), (data) => {
      const stored = { type, schemaVersion, data: data as JsonObject };
      const decoded = family.decode(stored);
      if (E.isLeft(decoded)) assert.fail(decoded.left.problems.join('; '));
      assert.deepEqual(family.encode(decoded.right), stored);
    }),
    { numRuns: runsOf({ small: 30, ci: 200, full: 2000 }) },
  );
};
