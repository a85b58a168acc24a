import { expect, test } from 'vitest';
import { policies } from './index.ts';

test('rows are kept under names that do not change: another one would fold and carry out everything anew', () => {
  const names = Object.entries(policies).map(([key, { name }]) => [key, name]);
  expect(Object.fromEntries(names)).toEqual({
    testing: 'testing',
    profileChanges: 'profile-changes',
    incidents: 'incidents',
    testRuns: 'test-runs',
    testMessages: 'test-messages',
    alertMail: 'alert-mail',
    credentialsExpiry: 'credentials-expiry',
  });
});
