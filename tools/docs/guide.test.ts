import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { privileges } from '@mailroom/domain';
import type { QueryableView } from '@mailroom/projections';
import { expect, test } from 'vitest';

const guide = readFileSync(join(import.meta.dirname, '../../docs/embedding.md'), 'utf8');

/** What stands in the first column of the tables, in code. */
const named = [...guide.matchAll(/^\| `([^`]+)`/gm)].map(([, name]) => name);

test('the guide for hosts lists every privilege and every view, and none that is not there', () => {
  const views = [
    'mailboxes',
    'profiles',
    'alerts',
    'testRuns',
    'failures',
    'history',
    'settings',
  ] satisfies readonly QueryableView[];
  expect(new Set(named)).toEqual(new Set([...privileges, ...views]));
});
