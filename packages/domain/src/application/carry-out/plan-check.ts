import { erased, type Erased } from '../../kernel/personal.ts';
import type { Registered } from '../../mailbox/index.ts';
import * as Profile from '../../profile/index.ts';
import type { DeploymentPolicy } from '../../settings/deployment.ts';
import type { EmailAddress, MailChannel, ProfileId, SecretRef, UserName } from '../../values/index.ts';
import type { Mechanism, ProbeTarget, SecretOwner } from '../ports/index.ts';
import { type EndpointFacts, type Outcome, preflight, type ReadinessFacts, stoppedBy } from '../readiness/index.ts';

/** Everything a check of one channel needs, before the secret is opened. */
export interface PlannedCheck {
  readonly target: ProbeTarget;
  readonly userName: UserName;
  readonly kind: 'password' | 'token';
  readonly secret: { readonly ref: SecretRef; readonly owner: SecretOwner };
  readonly ofProfile: boolean;
  /** Who authenticates: whose connections are counted, and how many it may have. */
  readonly identity: string;
  readonly maximumConnections: number;
}

export type Plan =
  | { readonly _tag: 'Planned'; readonly check: PlannedCheck }
  /** Preflight stops it: nothing is sent. */
  | { readonly _tag: 'Stopped'; readonly outcome: Outcome };

/** `basic` is user name and password as they are; else the strongest that both sides know is chosen. */
const mechanismOf = (authentication: string): Mechanism => (authentication === 'basic' ? 'basic' : 'auto');

const endpointFacts = (profile: Profile.Existing, channel: MailChannel): EndpointFacts | null => {
  const endpoint = profile.connection[channel];
  if (endpoint === null) return null;
  const { host, port, tls, authentication, credentials } = endpoint;
  const protocol = Profile.protocolOf(profile.serverType, channel);
  const hasProfileCredentials = profile.accounts[Profile.accountChannel(channel, profile.connection)] !== null;
  return { protocol, host, port, tls, authentication, credentials, hasProfileCredentials };
};

/** What bears on whether this mailbox can work, as its aggregates tell it. */
const readinessOf = (
  mailbox: Registered,
  profile: Profile.Existing | null,
  deployment: DeploymentPolicy,
): ReadinessFacts => ({
  active: mailbox.active,
  address: mailbox.address,
  approval: mailbox.approval,
  approvalRequired: false,
  hasOwnCredentials: mailbox.credentials !== null,
  methods: { incoming: mailbox.channels.incoming.method, outgoing: mailbox.channels.outgoing.method },
  profile:
    profile === null
      ? null
      : {
          active: profile.active,
          endpoints: { incoming: endpointFacts(profile, 'incoming'), outgoing: endpointFacts(profile, 'outgoing') },
        },
  deployment,
});

interface Account {
  readonly userName: UserName | Erased | null;
  readonly ref: SecretRef | null;
  readonly owner: SecretOwner;
}

const accountOf = (
  mailbox: Registered,
  profileId: ProfileId,
  profile: Profile.Existing,
  channel: MailChannel,
  ofProfile: boolean,
): Account => {
  const { organizationId, mailboxId, credentials } = mailbox;
  if (ofProfile) {
    const field = Profile.accountChannel(channel, profile.connection);
    const owner: SecretOwner = { organizationId, kind: 'profile', ownerId: profileId, field };
    return { userName: profile.userNames[field], ref: profile.accounts[field], owner };
  }
  const owner: SecretOwner = { organizationId, kind: 'mailbox', ownerId: mailboxId, field: 'password' };
  return { userName: credentials?.userName ?? null, ref: credentials?.secret ?? null, owner };
};

const unreadable = (ofProfile: boolean): Plan => ({
  _tag: 'Stopped',
  outcome: { kind: 'SecretUnavailable', params: {}, scope: ofProfile ? 'profile' : 'mailbox', field: 'secret' },
});

/** What to connect to and log in with, or why there is nothing to try. */
export const planCheck = (
  mailbox: Registered,
  profile: Profile.Existing | null,
  channel: MailChannel,
  deployment: DeploymentPolicy,
): Plan => {
  const facts = readinessOf(mailbox, profile, deployment);
  const outcome = stoppedBy(preflight(facts), channel);
  if (outcome !== null) return { _tag: 'Stopped', outcome };
  const endpoint = profile?.connection[channel] ?? null;
  if (profile === null || mailbox.profile === null || endpoint === null) {
    throw new Error('planCheck: preflight has to stop a check without a server');
  }

  const { profileId } = mailbox.profile;
  const ofProfile = endpoint.credentials === 'profile';
  const { userName, ref, owner } = accountOf(mailbox, profileId, profile, channel, ofProfile);
  // The address was looked at by preflight; a user name whose person was erased is as good as none.
  if (userName === null || userName === erased || ref === null) return unreadable(ofProfile);

  const { loginTemplate, folderTemplate } = profile.connection;
  const protocol = Profile.protocolOf(profile.serverType, channel);
  return {
    _tag: 'Planned',
    check: {
      target: {
        protocol,
        host: endpoint.host,
        port: endpoint.port,
        tls: endpoint.tls,
        mechanism: mechanismOf(endpoint.authentication),
        address: mailbox.address as EmailAddress,
        loginTemplate,
        folderTemplate,
        deadlineMs: profile.processing.connectionTimeLimitMs,
      },
      userName,
      // The authentication protocol `oauth` goes with no other credentials.
      kind: endpoint.credentials === 'oauth' ? 'token' : 'password',
      secret: { ref, owner },
      ofProfile,
      identity: ofProfile ? `profile/${profileId}` : `mailbox/${mailbox.mailboxId}`,
      maximumConnections: profile.processing.maximumConnections,
    },
  };
};
