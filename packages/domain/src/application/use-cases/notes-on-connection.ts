import type { Text } from '../../kernel/text.ts';
import type * as Profile from '../../profile/index.ts';
import type { MailProviders } from '../ports/index.ts';
import type { Environment } from './environment.ts';
import { note } from './texts.ts';

const reasons = {
  asked: 'as you asked',
  sameSettingsForOutgoing: 'outgoing email uses the settings of incoming email now',
  hostChanged: 'the host has changed, and a password goes only where it was entered for',
  methodChanged: 'this connection does not use credentials of the profile any more',
} as const;

/** How one logs in at the providers behind these servers, where passwords are to be used and are not what they take. */
const notesOnProviders = (
  providers: MailProviders | undefined,
  endpoints: readonly (Profile.Endpoint | null)[],
): readonly Text[] => {
  const notes = new Map<string, Text>();
  for (const endpoint of endpoints) {
    if (endpoint?.credentials !== 'mailbox' && endpoint?.credentials !== 'profile') continue;
    const hint = providers?.hintFor(endpoint.host) ?? null;
    if (hint === null) continue;
    const { name: provider, page } = hint;
    notes.set(
      provider,
      page === null ? note('OAuthNeeded', { provider }) : note('AppPasswordNeeded', { provider, helpUrl: page }),
    );
  }
  return [...notes.values()];
};

/** What a person should know about the connection they have saved, or are about to. */
export const notesOnConnection =
  ({ providers }: Environment) =>
  (events: readonly Profile.Event[]): readonly Text[] => {
    const notes: Text[] = [];
    for (const { type, data } of events) {
      if (type === 'ProfileCreated' || type === 'ProfileConnectionChanged') {
        for (const port of [data.incoming?.port, data.outgoing?.port]) {
          if (port === 80 || port === 443) notes.push(note('PortUnusual', { port }));
        }
        notes.push(...notesOnProviders(providers, [data.incoming, data.outgoing]));
      }
      if (type === 'ProfileConnectionChanged' && data.mailboxSecrets === 'clear') {
        notes.push(note('MailboxSecretsCleared', {}));
      }
      if (type === 'ProfileCredentialsCleared') {
        notes.push(note('SecretCleared', { channel: data.channel, reason: reasons[data.reason] }));
      }
    }
    return notes;
  };
