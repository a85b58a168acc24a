import type { DeploymentPolicy, MissingFacts } from '@mailroom/domain';
import type { Channel } from '@mailroom/domain';
import type { ProfileRow } from '../views/profile-row.ts';
import type { MailboxRow } from '../views/mailbox-row.ts';
import type { SettingsStatus } from './rows.ts';
import { channelStatus, evidenceOf } from './statuses.ts';

/** Whether this kind of mailbox needs its address approved here. Forward mailboxes carry no one's address. */
export const isApprovalRequired = ({ kind }: MailboxRow, settings: SettingsStatus): boolean =>
  kind === 'user' ? settings.approvalRequiredForUsers : kind === 'queue' ? settings.approvalRequiredForQueues : false;

type Endpoint = NonNullable<NonNullable<MissingFacts['profile']>['endpoints']['incoming']>;

const incomingOf = ({ incoming, incomingAccount, serverType }: ProfileRow): Endpoint | null =>
  incoming === null
    ? null
    : {
        protocol: serverType === 'pop3-smtp' ? 'pop3' : 'imap',
        host: incoming.host,
        port: incoming.port,
        tls: incoming.tls,
        authentication: incoming.authentication,
        credentials: incoming.credentials,
        hasProfileCredentials: incomingAccount !== null,
      };

const outgoingOf = (profile: ProfileRow): Endpoint | null => {
  const { outgoing, outgoingAccount, incomingAccount, sameSettingsForOutgoing } = profile;
  if (outgoing === null) return null;
  const account = sameSettingsForOutgoing ? incomingAccount : outgoingAccount;
  const { host, port, tls, authentication, credentials } = outgoing;
  return { protocol: 'smtp', host, port, tls, authentication, credentials, hasProfileCredentials: account !== null };
};

/** What the rules need to say what a mailbox still lacks, from its row and those it is joined with. */
export const missingFactsOf = (
  row: MailboxRow,
  profile: ProfileRow | null,
  settings: SettingsStatus,
  deployment: DeploymentPolicy,
): MissingFacts => {
  const evidence = evidenceOf(row);
  const factsOf = (channel: Extract<Channel, 'incoming' | 'outgoing'>) => {
    const { status, enabled, paused, advice, nextAttemptAt } = channelStatus(row.channels[channel], evidence[channel]);
    return { status, enabled, paused, advice: advice?.sentence ?? null, nextAttemptAt };
  };
  return {
    active: row.active,
    address: row.address,
    approval: row.approval,
    approvalRequired: isApprovalRequired(row, settings),
    hasOwnCredentials: row.secretVersion !== null,
    methods: { incoming: row.channels.incoming.method, outgoing: row.channels.outgoing.method },
    profile:
      profile === null
        ? null
        : { active: profile.active, endpoints: { incoming: incomingOf(profile), outgoing: outgoingOf(profile) } },
    deployment,
    channels: { incoming: factsOf('incoming'), outgoing: factsOf('outgoing') },
    testing: row.test?.channels ?? [],
  };
};
