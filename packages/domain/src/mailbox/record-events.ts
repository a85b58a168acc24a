import * as t from 'io-ts';
import { OrganizationId, PrincipalId } from '../kernel/command.ts';
import { defineEvent } from '../kernel/events.ts';
import { personal } from '../kernel/personal.ts';
import {
  count,
  EmailAddress,
  instant,
  MailboxId,
  MailChannel,
  Name,
  nullable,
  oneOf,
  PersonId,
  ProfileId,
  SecretRef,
  UserName,
} from '../values/index.ts';

// The names and shapes in this file are stored for ever. Read docs/adr on event versioning before editing.

/** Whose mailbox it is: of a user, of a queue, or one that others forward to. */
export const MailboxKind = oneOf('user', 'queue', 'forward');
export type MailboxKind = t.TypeOf<typeof MailboxKind>;

/** Where the effective start of processing comes from. `firstEnable`: from the moment of the first enabling. */
export const StartSource = oneOf('mailbox', 'profile', 'firstEnable');
export type StartSource = t.TypeOf<typeof StartSource>;

const methods = {
  incoming: oneOf('none', 'outlook', 'serverSide', 'forward'),
  outgoing: oneOf('none', 'outlook', 'serverSide'),
  act: oneOf('none', 'outlook', 'serverSide'),
};
const owner = { ownerKind: oneOf('user', 'team'), ownerId: PrincipalId };
const channels = t.readonlyArray(MailChannel, 'a list of channels');

/** What was known of the profile when the mailbox was put on it; a profile that has moved on since reaches it later. */
const profile = {
  profileId: nullable(ProfileId),
  /** The profile's `configuration`; 0 without a profile. */
  profileConfiguration: count,
  /** The profile's own Process Email From. */
  profileProcessEmailFrom: nullable(instant),
};

/** A mailbox exists, active, with an address that waits for approval (or none). Its channels are disabled. */
export const MailboxRegistered = defineEvent(
  'MailboxRegistered',
  t.strict({
    mailboxId: MailboxId,
    organizationId: OrganizationId,
    personId: PersonId,
    kind: MailboxKind,
    /** The user or queue it belongs to; null for a forward mailbox. */
    regardingId: nullable(PrincipalId),
    ...owner,
    name: personal(Name),
    address: personal(nullable(EmailAddress)),
    ...profile,
    ...methods,
  }),
);

/** The mailbox is on this profile now (null: on none). `processEmailFrom` is the effective start at this moment. */
export const MailboxProfileAssigned = defineEvent(
  'MailboxProfileAssigned',
  t.strict({
    mailboxId: MailboxId,
    previousProfileId: nullable(ProfileId),
    ...profile,
    processEmailFrom: nullable(instant),
    processEmailFromSource: StartSource,
  }),
);

/** A change of its profile has reached this mailbox; what followed from it stands in the events beside this one. */
export const MailboxProfileChangeApplied = defineEvent(
  'MailboxProfileChangeApplied',
  t.strict({
    mailboxId: MailboxId,
    profileId: ProfileId,
    profileConfiguration: count,
    profileProcessEmailFrom: nullable(instant),
    /** Its own secret goes on to a changed host: somebody with the right to do so confirmed it. */
    secretFollowed: t.boolean,
  }),
);

/** How each channel is to be synchronized changed. */
export const MailboxMethodsChanged = defineEvent(
  'MailboxMethodsChanged',
  t.strict({ mailboxId: MailboxId, ...methods }),
);

/** The address changed and waits for approval again. */
export const MailboxAddressChanged = defineEvent(
  'MailboxAddressChanged',
  t.strict({ mailboxId: MailboxId, personId: PersonId, address: personal(nullable(EmailAddress)) }),
);

/** The name that people see changed. */
export const MailboxRenamed = defineEvent(
  'MailboxRenamed',
  t.strict({ mailboxId: MailboxId, personId: PersonId, name: personal(Name) }),
);

/** User name and secret of the mailbox's own account, with the permission to use them. */
export const MailboxCredentialsSet = defineEvent(
  'MailboxCredentialsSet',
  t.strict({
    mailboxId: MailboxId,
    personId: PersonId,
    userName: personal(UserName),
    secret: SecretRef,
    /** The profile for whose servers they were entered; null: the mailbox was on none. */
    profileId: nullable(ProfileId),
    /** The channels that log in with them, as the profile stands at this moment. */
    channels,
    /** When the secret stops working, as whoever set it knew; null: that is not known. */
    expiresOn: nullable(instant),
  }),
  [(data) => ({ ...data, expiresOn: null })],
);

/** The mailbox's own secret stops working soon: the people behind the mailbox are told, once for each secret. */
export const MailboxCredentialsExpiryAnnounced = defineEvent(
  'MailboxCredentialsExpiryAnnounced',
  t.strict({ mailboxId: MailboxId, expiresOn: instant }),
);

/** User name and secret of the mailbox are gone: somebody asked, the host changed, or they may not be used. */
export const MailboxCredentialsCleared = defineEvent(
  'MailboxCredentialsCleared',
  t.strict({ mailboxId: MailboxId, reason: oneOf('asked', 'hostChanged', 'notAllowed'), channels }),
);

/** The address may be used. Nothing is enabled by that: only a test does. */
export const MailboxApproved = defineEvent('MailboxApproved', t.strict({ mailboxId: MailboxId }));
/** The address may not be used; its channels are disabled. */
export const MailboxRejected = defineEvent('MailboxRejected', t.strict({ mailboxId: MailboxId }));

/** The mailbox may be tested again; it works after its next successful test. `profileId`: what it is on now. */
export const MailboxActivated = defineEvent(
  'MailboxActivated',
  t.strict({ mailboxId: MailboxId, profileId: nullable(ProfileId) }),
);
/** The mailbox is out of service: because somebody asked, or with its user or queue. */
export const MailboxDeactivated = defineEvent(
  'MailboxDeactivated',
  t.strict({ mailboxId: MailboxId, profileId: nullable(ProfileId), cause: oneOf('asked', 'ownerDisabled') }),
);
/** Somebody else, or another team, is told about the mailbox from now on. */
export const MailboxOwnerChanged = defineEvent('MailboxOwnerChanged', t.strict({ mailboxId: MailboxId, ...owner }));

/** Effective start of processing (Process Email From), as recorded; null: from the first enabling. */
export const MailboxProcessingStartChanged = defineEvent(
  'MailboxProcessingStartChanged',
  t.strict({
    mailboxId: MailboxId,
    processEmailFrom: nullable(instant),
    source: StartSource,
  }),
);
