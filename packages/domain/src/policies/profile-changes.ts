import type { OrganizationId } from '../kernel/command.ts';
import { eventFamily, type EventOf } from '../kernel/events.ts';
import type { ProcessManager } from '../kernel/process-manager.ts';
import { MailboxProfileAssigned, MailboxProfileChangeApplied, MailboxRegistered } from '../mailbox/index.ts';
import {
  ProfileConnectionChanged,
  ProfileCreated,
  ProfileCredentialsCleared,
  ProfileCredentialsSet,
  ProfileDeleted,
  ProfileProcessingChanged,
} from '../profile/index.ts';
import { type MailboxId, ProfileId } from '../values/index.ts';
import { type Cause, causeOf, type DetachFromProfile, type SpreadProfileChange } from './instruction.ts';

const events = eventFamily([
  ProfileCreated,
  ProfileConnectionChanged,
  ProfileCredentialsSet,
  ProfileCredentialsCleared,
  ProfileProcessingChanged,
  ProfileDeleted,
  MailboxRegistered,
  MailboxProfileAssigned,
  MailboxProfileChangeApplied,
]);
type Event = EventOf<typeof events>;

/** What of a profile concerns its mailboxes. `start`: Process Email From, an ISO instant. */
interface Known {
  readonly configuration: number;
  readonly start: string | null;
}

/** A profile as it stands, and as each of its mailboxes knows it. Plain JSON. */
export interface ProfileChangesRow extends Known {
  readonly organizationId: OrganizationId;
  readonly deleted: boolean;
  readonly cause: Cause;
  readonly mailboxes: Readonly<Record<string, Known>>;
}

const iso = (date: Date | null): string | null => date?.toISOString() ?? null;

const joined = (row: ProfileChangesRow, mailboxId: string, known: Known): ProfileChangesRow => ({
  ...row,
  mailboxes: { ...row.mailboxes, [mailboxId]: known },
});

const left = (row: ProfileChangesRow, mailboxId: string): ProfileChangesRow => {
  const { [mailboxId]: _, ...mailboxes } = row.mailboxes;
  return { ...row, mailboxes };
};

const evolve = (row: ProfileChangesRow, event: Event, key: string, cause: Cause): ProfileChangesRow => {
  switch (event.type) {
    case 'ProfileCreated':
      return row;
    case 'ProfileConnectionChanged':
    case 'ProfileCredentialsSet':
    case 'ProfileCredentialsCleared':
      return { ...row, configuration: event.data.configuration, cause };
    case 'ProfileProcessingChanged':
      return { ...row, start: iso(event.data.processEmailFrom), cause };
    case 'ProfileDeleted':
      return { ...row, deleted: true, cause };
    case 'MailboxRegistered':
    case 'MailboxProfileAssigned': {
      const { mailboxId, profileId, profileConfiguration, profileProcessEmailFrom } = event.data;
      if (profileId !== key) return left(row, mailboxId);
      return joined(row, mailboxId, { configuration: profileConfiguration, start: iso(profileProcessEmailFrom) });
    }
    case 'MailboxProfileChangeApplied': {
      const { mailboxId, profileConfiguration, profileProcessEmailFrom } = event.data;
      if (!(mailboxId in row.mailboxes)) return row;
      return joined(row, mailboxId, { configuration: profileConfiguration, start: iso(profileProcessEmailFrom) });
    }
  }
};

/** Only a later start moves the mailboxes along that are on the profile already. */
const isBehind = (known: Known, row: Known): boolean =>
  known.configuration < row.configuration || (row.start !== null && (known.start === null || known.start < row.start));

/** A change of a profile reaches each of its mailboxes, those included that join while it spreads. */
export const profileChanges: ProcessManager<ProfileChangesRow, Event, SpreadProfileChange | DetachFromProfile> = {
  name: 'profile-changes',
  version: 1,
  events,
  keys: ({ type, data }) => {
    const concerned = type === 'MailboxProfileAssigned' ? [data.previousProfileId, data.profileId] : [data.profileId];
    return concerned.filter((profileId) => profileId !== null);
  },
  evolve: (row, event, key, recorded) => {
    if (event.type === 'ProfileCreated') {
      const { organizationId, configuration, processEmailFrom } = event.data;
      const cause = causeOf(recorded);
      return { organizationId, configuration, start: iso(processEmailFrom), deleted: false, cause, mailboxes: {} };
    }
    return row === undefined ? undefined : evolve(row, event, key, causeOf(recorded));
  },
  intents: (row, key) => {
    const { organizationId, cause, deleted, configuration, start } = row;
    const profileId = ProfileId.orThrow(key);
    const entries = Object.entries(row.mailboxes) as [MailboxId, Known][];
    if (deleted) {
      return entries.map(([mailboxId]) => ({
        key: `detach:${mailboxId}`,
        due: null,
        instruction: { type: 'DetachFromProfile', organizationId, mailboxId, profileId, cause },
      }));
    }
    return entries
      .filter(([, known]) => isBehind(known, row))
      .map(([mailboxId]) => ({
        key: `spread:${mailboxId}:${configuration}:${start ?? ''}`,
        due: null,
        instruction: { type: 'SpreadProfileChange', organizationId, mailboxId, profileId, cause },
      }));
  },
};
