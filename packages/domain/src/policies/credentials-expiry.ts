import { OrganizationId } from '../kernel/command.ts';
import { eventFamily, type EventOf } from '../kernel/events.ts';
import type { RecordedEvent } from '../kernel/event-store.ts';
import type { ProcessManager } from '../kernel/process-manager.ts';
import {
  MailboxCredentialsCleared,
  MailboxCredentialsExpiryAnnounced,
  MailboxCredentialsSet,
  MailboxProfileAssigned,
} from '../mailbox/index.ts';
import {
  ProfileCredentialsCleared,
  ProfileCredentialsExpiryAnnounced,
  ProfileCredentialsSet,
  ProfileDeleted,
} from '../profile/index.ts';
import type { MailboxId, MailChannel, ProfileId, SecretRef } from '../values/index.ts';
import {
  type AnnounceMailboxCredentialsExpiry,
  type AnnounceProfileCredentialsExpiry,
  type Cause,
  causeOf,
} from './instruction.ts';

const events = eventFamily([
  ProfileCredentialsSet,
  ProfileCredentialsExpiryAnnounced,
  ProfileCredentialsCleared,
  ProfileDeleted,
  MailboxCredentialsSet,
  MailboxCredentialsExpiryAnnounced,
  MailboxCredentialsCleared,
  MailboxProfileAssigned,
]);
type Event = EventOf<typeof events>;

type Holder =
  | { readonly kind: 'profile'; readonly profileId: ProfileId; readonly channel: MailChannel }
  | { readonly kind: 'mailbox'; readonly mailboxId: MailboxId };

/** A secret that stops working one day, until that has been announced. Plain JSON; `expiresOn`: an ISO instant. */
export interface CredentialsExpiryRow {
  readonly organizationId: OrganizationId;
  readonly of: Holder;
  readonly secret: SecretRef;
  readonly expiresOn: string;
  /** A mailbox that is on no profile logs in nowhere. */
  readonly inUse: boolean;
  readonly cause: Cause;
}

/** So long before a secret stops working somebody is told: time enough to get a new one. */
const daysAhead = 14;

/** The rows of the two directions of a profile, and of a mailbox: each has one secret at a time. */
const keysOf = ({ type, data }: Event): readonly string[] => {
  if (type === 'ProfileDeleted') return [`${data.profileId}/incoming`, `${data.profileId}/outgoing`];
  return 'mailboxId' in data ? [data.mailboxId] : [`${data.profileId}/${data.channel}`];
};

/** A row only where the date is known. */
const kept = (
  of: Holder,
  { secret, expiresOn }: { readonly secret: SecretRef; readonly expiresOn: Date | null },
  inUse: boolean,
  recorded: RecordedEvent,
): CredentialsExpiryRow | undefined => {
  if (expiresOn === null) return undefined;
  const organizationId = OrganizationId.orThrow(recorded.metadata.organizationId);
  return { organizationId, of, secret, expiresOn: expiresOn.toISOString(), inUse, cause: causeOf(recorded) };
};

/** Who looks after a profile or a mailbox is told some time before its secret stops working, once for each secret. */
export const credentialsExpiry: ProcessManager<
  CredentialsExpiryRow,
  Event,
  AnnounceProfileCredentialsExpiry | AnnounceMailboxCredentialsExpiry
> = {
  name: 'credentials-expiry',
  version: 1,
  events,
  keys: keysOf,
  evolve: (row, event, _key, recorded) => {
    switch (event.type) {
      case 'ProfileCredentialsSet': {
        const { profileId, channel } = event.data;
        return kept({ kind: 'profile', profileId, channel }, event.data, true, recorded);
      }
      case 'MailboxCredentialsSet': {
        const { mailboxId, profileId } = event.data;
        return kept({ kind: 'mailbox', mailboxId }, event.data, profileId !== null, recorded);
      }
      case 'MailboxProfileAssigned':
        return row === undefined ? undefined : { ...row, inUse: event.data.profileId !== null };
      case 'ProfileCredentialsExpiryAnnounced':
      case 'ProfileCredentialsCleared':
      case 'ProfileDeleted':
      case 'MailboxCredentialsExpiryAnnounced':
      case 'MailboxCredentialsCleared':
        return undefined;
    }
  },
  intents: ({ organizationId, of, secret, expiresOn, inUse, cause }) => {
    if (!inUse) return [];
    const due = new Date(new Date(expiresOn).getTime() - daysAhead * 86_400_000);
    const about = { organizationId, secret, cause };
    const instruction =
      of.kind === 'profile'
        ? ({
            type: 'AnnounceProfileCredentialsExpiry',
            ...about,
            profileId: of.profileId,
            channel: of.channel,
          } as const)
        : ({ type: 'AnnounceMailboxCredentialsExpiry', ...about, mailboxId: of.mailboxId } as const);
    return [{ key: `announce:${secret.id}:${secret.version}`, due, instruction }];
  },
};
