import { describe, expect, test } from 'vitest';
import { PrincipalId } from '../kernel/command.ts';
import {
  at,
  facts,
  fromElsewhere,
  mailboxId,
  otherProfileId,
  register,
  registered,
} from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import { derivedId, EmailAddress, MailboxId, mailboxIdOf } from '../values/index.ts';
import * as Mailbox from './index.ts';

const { given } = specificationOf(Mailbox.decider);
const elsewhere = facts({ profileId: otherProfileId, organizationId: fromElsewhere().actor.organizationId });

describe('registering a mailbox', () => {
  test('a user mailbox with an address starts pending, with disabled channels', () => {
    given().when(register()).thenEvents(registered());
    const state = given(registered()).state();
    expect(state).toMatchObject({ approval: 'pending', active: true });
    expect(state).toMatchObject({ channels: { incoming: { enabled: false, status: 'notRun' } } });
  });

  test('without an address its approval is empty', () => {
    given()
      .when(register({ address: null }))
      .thenEvents(registered({ address: null }));
    expect(given(registered({ address: null })).state()).toMatchObject({ approval: 'empty' });
  });

  test('it takes the start of processing from its profile', () =>
    given()
      .when(register({ profile: facts({ processEmailFrom: at(3) }) }))
      .thenEvents(
        registered({ profileProcessEmailFrom: at(3) }),
        Mailbox.MailboxProcessingStartChanged({ mailboxId, processEmailFrom: at(3), source: 'profile' }),
      ));

  test('the same mailbox twice changes nothing', () => given(registered()).when(register()).thenNothing());

  test('the same mailbox with another address is refused', () =>
    given(registered())
      .when(register({ address: EmailAddress.orThrow('countess@example.org') }))
      .thenRejected({ _tag: 'MailboxAlreadyRegistered' }));

  test('a mailbox of another organization is not there', () =>
    given(registered())
      .when(register({ context: fromElsewhere() }))
      .thenRejected({ _tag: 'MailboxNotFound' }));

  test('a profile of another organization is not there', () =>
    given()
      .when(register({ profile: elsewhere }))
      .thenRejected({ _tag: 'ProfileNotFound', field: 'profile' }));

  test('an id that does not follow from the user is refused: there would be a second mailbox', () =>
    given()
      .when(register({ mailboxId: MailboxId.orThrow(derivedId('sample', 'another')) }))
      .thenRejected({ _tag: 'MailboxIdMismatch' }));

  test('a user mailbox without its user is refused', () =>
    given()
      .when(register({ regardingId: null }))
      .thenRejected({ _tag: 'OwnerOfMailboxMissing' }));
});

describe('what each kind of mailbox can do', () => {
  const support = PrincipalId.orThrow('support');
  const queue = { kind: 'queue', regardingId: support, mailboxId: mailboxIdOf('contoso', 'queue', support) } as const;
  const forward = { kind: 'forward', regardingId: null, outgoing: 'none' } as const;

  test('a forward mailbox belongs to nobody, has an address, and only collects', () => {
    given().when(register(forward)).thenEvents(registered(forward));
    given()
      .when(register({ ...forward, address: null }))
      .thenRejected({ _tag: 'ForwardMailboxNeedsAddress', field: 'address' });
    given()
      .when(register({ ...forward, regardingId: support }))
      .thenRejected({ _tag: 'ForwardMailboxBelongsToNobody' });
    given()
      .when(register({ ...forward, outgoing: 'serverSide' }))
      .thenRejected({ _tag: 'MethodNotAllowed', field: 'outgoing' });
    given()
      .when(register({ ...forward, incoming: 'forward' }))
      .thenRejected({ _tag: 'MethodNotAllowed', field: 'incoming' });
  });

  test('a queue has no Outlook', () => {
    given()
      .when(register({ ...queue, incoming: 'forward' }))
      .thenEvents(registered({ ...queue, incoming: 'forward' }));
    given()
      .when(register({ ...queue, incoming: 'outlook' }))
      .thenRejected({ _tag: 'MethodNotAllowed', field: 'incoming' });
    given()
      .when(register({ ...queue, outgoing: 'outlook' }))
      .thenRejected({ _tag: 'MethodNotAllowed', field: 'outgoing' });
    given()
      .when(register({ ...queue, profile: null, act: 'serverSide' }))
      .thenRejected({ _tag: 'MethodNotAllowed', field: 'act' });
  });

  test.each(['outlook', 'serverSide'] as const)('with a profile, %s for appointments is refused', (act) => {
    given().when(register({ act })).thenRejected({ _tag: 'ActNotSupported', field: 'act' });
    given()
      .when(register({ act, profile: null }))
      .thenEvents(registered({ act, profileId: null, profileConfiguration: 0 }));
  });

  test('the refusal of a method lists what is possible', () => {
    const { decision } = given().when(register({ ...queue, incoming: 'outlook' }));
    expect(decision).toMatchObject({ left: { text: { params: { allowed: 'none, serverSide, forward' } } } });
  });
});
