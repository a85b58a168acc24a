import { type Decision, happened, rejected } from '../kernel/decider.ts';
import { together } from '../kernel/rejection.ts';
import type { MailChannel } from '../values/index.ts';
import type { ChangeProfile } from './commands.ts';
import { accountChannel, draftConnection } from './connection.ts';
import {
  type Endpoint,
  type Event,
  ProfileConnectionChanged,
  ProfileCredentialsCleared,
  ProfileDescribed,
  ProfileProcessingChanged,
} from './events.ts';
import { reject, type Rejection } from './rejections.ts';
import type { Connection, Existing, Processing } from './state.ts';
import { findingsAbout, finishedConnection } from './validate-connection.ts';

const channels: readonly MailChannel[] = ['incoming', 'outgoing'];

/**
 * Changes what is given and keeps the rest. A change of the connection takes the stored account of the profile away
 * from where it would otherwise go to a host that it was not entered for, or is of no use any more.
 */
export const changeProfile = (command: ChangeProfile, state: Existing): Decision<Event, Rejection> => {
  const { rules } = command;
  const draft = draftConnection(state.serverType, command.connection, state.connection, rules.ports);
  // What nobody touches is not judged again: a policy that became stricter must not stop a new description.
  const isTouched = Object.values(command.connection).some((value) => value !== undefined);
  const findings = isTouched ? [...findingsAbout(state.serverType, command.connection, draft, rules)] : [];
  const mayFollow = command.context.actor.privileges.includes('secrets.reuse');
  if (command.letMailboxSecretsFollow && !mayFollow) {
    findings.push(reject.SecretsReuseNotPermitted({}, 'letMailboxSecretsFollow'));
  }
  const [first, ...others] = findings;
  if (first !== undefined) return rejected(together([first, ...others]));

  return happened<Event>(
    ...described(command, state),
    ...(isTouched ? connectionChanged(command, state, finishedConnection(draft)) : []),
    ...processingChanged(command, state.processing),
  );
};

const described = ({ profileId, ...input }: ChangeProfile, state: Existing): readonly Event[] => {
  const name = input.name ?? state.name;
  const description = input.description === undefined ? state.description : input.description;
  const isSame = name === state.name && description === state.description;
  return isSame ? [] : [ProfileDescribed({ profileId, name, description })];
};

const processingChanged = ({ profileId, processing }: ChangeProfile, current: Processing): readonly Event[] => {
  const given = Object.fromEntries(Object.entries(processing).filter(([, value]) => value !== undefined));
  const next: Processing = { ...current, ...given };
  const isSame =
    next.processEmailFrom?.getTime() === current.processEmailFrom?.getTime() &&
    next.minimumPollingMinutes === current.minimumPollingMinutes &&
    next.maximumConnections === current.maximumConnections &&
    next.connectionTimeLimitMs === current.connectionTimeLimitMs &&
    next.alertMail === current.alertMail;
  return isSame ? [] : [ProfileProcessingChanged({ profileId, ...next })];
};

const connectionChanged = (
  { profileId, letMailboxSecretsFollow }: ChangeProfile,
  state: Existing,
  next: Connection,
): readonly Event[] => {
  if (isSameConnection(state.connection, next)) return [];

  let { configuration } = state;
  const mailboxSecrets = !mailboxesGoElsewhere(state.connection, next)
    ? 'keep'
    : letMailboxSecretsFollow
      ? 'follow'
      : 'clear';
  const changed = ProfileConnectionChanged({ profileId, ...next, configuration: ++configuration, mailboxSecrets });
  const cleared = channels.flatMap((channel) => {
    const reason = state.accounts[channel] === null ? null : whyCleared(channel, state.connection, next);
    return reason === null
      ? []
      : [ProfileCredentialsCleared({ profileId, channel, reason, configuration: ++configuration })];
  });
  return [changed, ...cleared];
};

/** Why the account stored for this direction cannot stay; null when it can. */
const whyCleared = (
  account: MailChannel,
  current: Connection,
  next: Connection,
): 'sameSettingsForOutgoing' | 'methodChanged' | 'hostChanged' | null => {
  if (account === 'outgoing' && next.sameSettingsForOutgoing) return 'sameSettingsForOutgoing';
  const hosts = hostsOfAccount(account, next);
  if (hosts.length === 0) return 'methodChanged';
  const known = hostsOfAccount(account, current);
  return hosts.every((host) => known.includes(host)) ? null : 'hostChanged';
};

/** The hosts that the account stored for this direction is sent to. */
const hostsOfAccount = (account: MailChannel, connection: Connection): readonly string[] =>
  hostsOf(
    connection,
    channels.filter(
      (channel) => connection[channel]?.credentials === 'profile' && accountChannel(channel, connection) === account,
    ),
  );

/** True when mailboxes would log in with their own secrets at a host that the profile has not named so far. */
const mailboxesGoElsewhere = (current: Connection, next: Connection): boolean => {
  const known = hostsOf(current, channels);
  const own = channels.filter((channel) => next[channel]?.credentials === 'mailbox');
  return hostsOf(next, own).some((host) => !known.includes(host));
};

const hostsOf = (connection: Connection, among: readonly MailChannel[]): readonly string[] =>
  among.flatMap((channel) => connection[channel]?.host.toLowerCase() ?? []);

const isSameEndpoint = (one: Endpoint | null, other: Endpoint | null): boolean =>
  one === null || other === null
    ? one === other
    : one.host === other.host &&
      one.port === other.port &&
      one.portSource === other.portSource &&
      one.tls === other.tls &&
      one.authentication === other.authentication &&
      one.credentials === other.credentials;

const isSameConnection = (one: Connection, other: Connection): boolean =>
  isSameEndpoint(one.incoming, other.incoming) &&
  isSameEndpoint(one.outgoing, other.outgoing) &&
  one.sameSettingsForOutgoing === other.sameSettingsForOutgoing &&
  one.loginTemplate === other.loginTemplate &&
  one.folderTemplate === other.folderTemplate;
