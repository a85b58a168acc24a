import { describe, expect, test } from 'vitest';
import { type Failure, failure } from '../../taxonomy/index.ts';
import { failureOfOutcome, foundFailure, scopedToAccount } from './found-failure.ts';

const saying = (serverText: string | null) => foundFailure({ ...failure('InvalidCredentials'), serverText }).serverText;

describe('the words of a server', () => {
  test('are kept on one line, without control characters, 300 characters at most', () => {
    expect(saying('NO login failed')).toBe('NO login failed');
    expect(saying('  a\r\nb\u0000\u0001c\u007fd \n')).toBe('a b c d');
    expect(saying('x'.repeat(300))).toBe('x'.repeat(300));
    expect(saying('x'.repeat(301))).toBe('x'.repeat(300));
  });
  test('are none where nothing is left of them', () => {
    for (const text of [null, '', ' \r\n', '\u0000']) expect(saying(text)).toBeNull();
  });
});

test('a failure is recorded with all that is known of it', () => {
  const found = failure('MailboxInUse', {}, { retryAfterSeconds: 60 });
  expect(foundFailure(found)).toMatchObject({
    kind: 'MailboxInUse',
    phase: found.phase,
    disposition: found.disposition,
    scope: found.scope,
    field: found.field,
    retryAfterSeconds: 60,
  });
  const stopped = failureOfOutcome({ kind: 'SecretUnavailable', params: {}, scope: 'profile', field: 'secret' });
  expect(stopped).toMatchObject({ kind: 'SecretUnavailable', scope: 'profile', field: 'secret' });
});

describe('a login that is refused', () => {
  const refused: Failure = {
    ...failure('InvalidCredentials'),
    scope: 'mailbox',
    disposition: 'permanent',
    phase: 'auth',
  };
  const scopeOf = (changes: Partial<Failure>, ofProfile = true, loginTemplate: string | null = null) =>
    scopedToAccount({ ...refused, ...changes }, ofProfile, loginTemplate).scope;

  test('for good, with the account of the profile, is refused to all its mailboxes', () => {
    expect(scopeOf({})).toBe('profile');
    expect(scopeOf({ phase: 'oauth' })).toBe('profile');
  });

  test.each<readonly [string, Partial<Failure>, boolean, string | null]>([
    ['the account is the mailbox’s own', {}, false, null],
    ['the login name is made from the mailbox', {}, true, '{mailbox}*{user}'],
    ['it may pass', { disposition: 'transient' }, true, null],
    ['it was found after the login', { phase: 'session' }, true, null],
    ['the account may not open this mailbox', { kind: 'AuthorizationFailed' }, true, null],
    ['the protocol is off for this mailbox', { kind: 'ProtocolDisabledForAccount' }, true, null],
  ])('concerns the one mailbox when %s', (_, changes, ofProfile, template) => {
    expect(scopeOf(changes, ofProfile, template)).toBe('mailbox');
  });

  test('that concerns the whole system stays that', () => {
    expect(scopeOf({ scope: 'system' })).toBe('system');
  });
});
