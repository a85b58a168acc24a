import { describe, test } from 'vitest';
import { assertComplete, assertReadable, assertRoundTrip, fixture, fixturesIn } from '../testing/fixtures.ts';
import { events } from './events.ts';

// Files are added, never changed: what was ever stored can be read for ever.
const folder = new URL('./__fixtures__/', import.meta.url);

test('there is a fixture for every event and schema version', () => assertComplete(events, folder));

describe('what was ever stored can still be read', () => {
  test.each(fixturesIn(folder))('%s', (name) => assertReadable(events, fixture(folder, name)));
});

describe('whatever an event may hold is read and written back unchanged', () => {
  test.each(events.types)('%s', (type) => assertRoundTrip(events, type));
});
