import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { derivedId } from '../kernel/derived-id.ts';
import { replay } from '../kernel/decider.ts';
import { actorOf, contextOf } from '../testing/contexts.ts';
import { specificationOf } from '../testing/specification.ts';
import { MailboxId } from '../values/index.ts';
import * as Address from './index.ts';

const { given } = specificationOf(Address.decider);
const { organizationId } = actorOf();
const ada = MailboxId.orThrow(derivedId('mailbox', 'ada'));
const bob = MailboxId.orThrow(derivedId('mailbox', 'bob'));

const start = Date.parse('2026-01-01T09:00:00.000Z');
const minute = 60_000;
const command = <Type extends string>(type: Type, mailboxId: MailboxId, after = 0) => ({
  type,
  context: contextOf({ at: new Date(start + after) }),
  digest: 'digest',
  organizationId,
  mailboxId,
});
const claim = (mailboxId: MailboxId, after = 0, abandonedBy: MailboxId | null = null): Address.Command => ({
  ...command('ClaimAddress', mailboxId, after),
  abandonedBy,
});
const release = (mailboxId: MailboxId): Address.Command => command('ReleaseAddress', mailboxId);
const claimed = (mailboxId: MailboxId, after = 0) =>
  Address.AddressClaimed({ organizationId, mailboxId, claimedAt: new Date(start + after) });
const released = (mailboxId: MailboxId) => Address.AddressReleased({ organizationId, mailboxId });

describe('claiming', () => {
  test('a free address', () => given().when(claim(ada)).thenEvents(claimed(ada)));
  test('one that was given back', () => given(claimed(bob), released(bob)).when(claim(ada)).thenEvents(claimed(ada)));
  test('the own one again goes on', () => given(claimed(ada)).when(claim(ada, minute)).thenNothing());
  test('the own one again, much later, renews it', () =>
    given(claimed(ada))
      .when(claim(ada, Address.claimHoldsFor / 2))
      .thenEvents(claimed(ada, Address.claimHoldsFor / 2)));
  test("another's is refused, for ever", () => {
    given(claimed(bob)).when(claim(ada)).thenRejected({ _tag: 'AddressTaken', field: 'address' });
    given(claimed(bob))
      .when(claim(ada, 1000 * Address.claimHoldsFor))
      .thenRejected({ _tag: 'AddressTaken' });
  });
  test('one that is known to be abandoned is taken over once it is old', () => {
    given(claimed(bob))
      .when(claim(ada, Address.claimHoldsFor - 1, bob))
      .thenRejected({ _tag: 'AddressTaken' });
    given(claimed(bob))
      .when(claim(ada, Address.claimHoldsFor, bob))
      .thenEvents(released(bob), claimed(ada, Address.claimHoldsFor));
    given(claimed(bob))
      .when(claim(ada, Address.claimHoldsFor, ada))
      .thenRejected({ _tag: 'AddressTaken' });
  });
});

describe('releasing', () => {
  test('the own address', () => given(claimed(ada)).when(release(ada)).thenEvents(released(ada)));
  test('twice changes nothing', () => given(claimed(ada), released(ada)).when(release(ada)).thenNothing());
  test("another's changes nothing", () => given(claimed(bob)).when(release(ada)).thenNothing());
});

test('whatever is asked, an address changes hands only through a release', () => {
  const who = fc.constantFrom(ada, bob, MailboxId.orThrow(derivedId('mailbox', 'eve')));
  const steps = fc.array(
    fc.record({ mailboxId: who, abandonedBy: fc.option(who), isClaim: fc.boolean(), wait: fc.nat(20 * minute) }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(steps, (asked) => {
      const history: Address.Event[] = [];
      let now = 0;
      for (const { mailboxId, abandonedBy, isClaim, wait } of asked) {
        now += wait;
        const asks = isClaim ? claim(mailboxId, now, abandonedBy) : release(mailboxId);
        const decision = Address.decider.decide(asks, replay(Address.decider, history));
        if (decision._tag === 'Right') history.push(...decision.right);
      }
      let holder: MailboxId | null = null;
      for (const { type, data } of history) {
        if (type === 'AddressClaimed') {
          expect([null, data.mailboxId]).toContain(holder);
          holder = data.mailboxId;
        } else {
          expect(holder).toBe(data.mailboxId);
          holder = null;
        }
      }
    }),
  );
});
