import { describe, expect, test } from 'vitest';
import { at, failureFound } from '../../testing/sample-mailbox.ts';
import { breaker } from './breaker.ts';

const unreachable = failureFound({ kind: 'ConnectTimeout', phase: 'connect', scope: 'profile' });
const refusedLogin = failureFound();

describe('a breaker', () => {
  test('opens after three failures in a row on the way to the server', () => {
    const one = breaker(300);
    for (let failures = 0; failures < 3; failures++) {
      expect(one.known('imap', at(0))).toBeNull();
      one.learn('imap', unreachable, at(0));
    }
    expect(one.known('imap', at(4))).toEqual(unreachable);
    expect(one.known('smtp', at(4))).toBeNull();
  });

  test.each([
    ['a success', null],
    ['a login that is refused: the server was reached', refusedLogin],
  ])('%s closes it', (_, result) => {
    const one = breaker(300);
    for (let failures = 0; failures < 3; failures++) one.learn('imap', unreachable, at(0));
    one.learn('imap', result, at(1));
    expect(one.known('imap', at(1))).toBeNull();
    one.learn('imap', unreachable, at(1));
    one.learn('imap', unreachable, at(1));
    expect(one.known('imap', at(1))).toBeNull();
  });

  test('lets one check through in each interval', () => {
    const one = breaker(300);
    for (let failures = 0; failures < 3; failures++) one.learn('imap', unreachable, at(0));
    expect(one.known('imap', at(5))).toBeNull();
    expect(one.known('imap', at(5))).toEqual(unreachable);
    one.learn('imap', unreachable, at(6));
    expect(one.known('imap', at(10))).toEqual(unreachable);
    expect(one.known('imap', at(11))).toBeNull();
  });

  test('trouble of one mailbox, or of our own, never opens it', () => {
    const one = breaker(300);
    const own = failureFound({ kind: 'LocalResources', phase: 'connect', scope: 'system' });
    for (const found of [refusedLogin, own, { ...unreachable, scope: 'mailbox' as const }]) {
      for (let failures = 0; failures < 5; failures++) one.learn('imap', found, at(0));
      expect(one.known('imap', at(0))).toBeNull();
    }
  });
});
