import type * as Mailbox from '../mailbox/index.ts';
import { EmailAddress, Name } from '../values/index.ts';
import { existingMailbox } from './existing.ts';
import {
  ada,
  at,
  channelFailed,
  mailboxId,
  organizationId,
  personId,
  profileId,
  secret,
  testId,
  userName,
  working,
} from './sample-mailbox.ts';

/** What is known of a channel that was never tested. */
export const untested = {
  method: 'serverSide',
  status: 'notRun',
  enabled: false,
  paused: false,
  worked: false,
  configuration: 0,
  failureScope: null,
  attempt: 0,
  nextAttemptAt: null,
} as const;
/** What is known of a channel that works. */
export const works = {
  ...untested,
  status: 'success',
  enabled: true,
  worked: true,
  configuration: 1,
} as const;
/** What is known of a mailbox that was just registered. */
export const fresh: Mailbox.Registered = {
  _tag: 'Registered',
  mailboxId,
  organizationId,
  personId,
  kind: 'user',
  regardingId: ada,
  ownerKind: 'user',
  ownerId: ada,
  name: Name.orThrow('Ada'),
  address: EmailAddress.orThrow('ada@example.org'),
  formerAddress: null,
  approval: 'pending',
  active: true,
  profile: { profileId, configuration: 1, processEmailFrom: null },
  credentials: null,
  start: { processEmailFrom: null, source: 'firstEnable' },
  act: 'none',
  channels: { incoming: untested, outgoing: untested },
  test: null,
  testMessages: [],
  cancelled: null,
};
/** What is known of the mailbox that `working` leads to. */
export const inService: Mailbox.Registered = {
  ...fresh,
  credentials: { userName, secret, profileId, expiryToAnnounce: null },
  start: { processEmailFrom: at(0), source: 'firstEnable' },
  channels: { incoming: works, outgoing: works },
};

/** What of a mailbox in service these events and one more make: all of what is known then, and what was before it. */
export const knownAfter = (before: readonly Mailbox.Event[], event: Mailbox.Event) => ({
  before: existingMailbox([...working, ...before]),
  after: existingMailbox([...working, ...before, event]),
});

/** Both channels, the outgoing one as it works. */
export const channels = (incoming: object, outgoing: object = works) => ({
  channels: { incoming, outgoing },
});

/** The incoming channel of the mailbox in service has failed, and waits for its second try. */
export const waiting = (overrides: Parameters<typeof channelFailed>[0] = {}) =>
  channelFailed({ testId: testId('second'), attempt: 2, nextAttemptAt: at(5), ...overrides });
