import { erased } from '../../kernel/personal.ts';
import { isPortAllowed, type MailChannel, portsInWords } from '../../values/index.ts';
import type { EndpointFacts, ReadinessFacts } from './facts.ts';
import { type Finding, findingText, type Outcome } from './finding.ts';

const channels: readonly MailChannel[] = ['incoming', 'outgoing'];

/** A setting that cannot be used as it is: the kind that a test ends with when nothing was even tried. */
const unusable = (
  setting: string,
  expected: string,
  field: Outcome['field'] = null,
  scope: Outcome['scope'] = 'mailbox',
): Outcome => ({ kind: 'InvalidConfiguration', params: { setting, expected }, scope, field });

type TextOf = Finding['text'];
const error = (channel: MailChannel | null, field: string | null, text: TextOf, outcome: Outcome): Finding => ({
  key: text.key,
  severity: 'error',
  channel,
  field,
  text,
  outcome,
});
const warning = (channel: MailChannel | null, field: string | null, text: TextOf): Finding => ({
  key: text.key,
  severity: 'warning',
  channel,
  field,
  text,
  outcome: null,
});

/** The channels that a test would reach. */
export const testedChannels = ({ methods }: ReadinessFacts): readonly MailChannel[] =>
  channels.filter((channel) => methods[channel] === 'serverSide');

const ofMailbox = (facts: ReadinessFacts): readonly Finding[] => {
  const found: Finding[] = [];
  if (!facts.active) {
    found.push(error(null, 'active', findingText('MailboxDeactivated', {}), unusable('mailbox', 'it is deactivated')));
  }
  if (testedChannels(facts).length === 0) {
    found.push(error(null, 'method', findingText('NoMethod', {}), unusable('method', 'no channel is server-side')));
  }
  if (facts.address === null) {
    const outcome = unusable('email address', 'the mailbox has none', 'address');
    found.push(error(null, 'address', findingText('AddressMissing', {}), outcome));
  } else if (facts.address === erased) {
    const outcome = unusable('email address', 'it was erased', 'address');
    found.push(error(null, 'address', findingText('AddressErased', {}), outcome));
  }
  return found;
};

const ofProfile = (facts: ReadinessFacts): readonly Finding[] => {
  const { profile } = facts;
  if (profile === null) {
    const outcome = unusable('email server profile', 'the mailbox is on none');
    return [error(null, 'profile', findingText('ProfileMissing', {}), outcome)];
  }
  const found: Finding[] = [];
  if (!profile.active) {
    const outcome = unusable('email server profile', 'it is deactivated', null, 'profile');
    found.push(error(null, 'profile', findingText('ProfileDeactivated', {}), outcome));
  }
  for (const channel of testedChannels(facts)) {
    const endpoint = profile.endpoints[channel];
    if (endpoint === null) {
      const outcome = unusable(`${channel} server`, 'the profile names none', 'host', 'profile');
      found.push(error(channel, channel, findingText('ServerMissing', { direction: channel }), outcome));
    } else {
      found.push(...ofConnection(channel, endpoint, facts), ...ofAccount(channel, endpoint, facts));
    }
  }
  return found;
};

const ofConnection = (
  direction: MailChannel,
  { host, port, tls, authentication }: EndpointFacts,
  { deployment }: ReadinessFacts,
): readonly Finding[] => {
  const found: Finding[] = [];
  if (!isPortAllowed(deployment.ports, port)) {
    const allowed = portsInWords(deployment.ports);
    found.push(
      error(direction, `${direction}.port`, findingText('PortNotAllowed', { direction, port, allowed }), {
        kind: 'TargetNotAllowed',
        params: { host, port },
        scope: 'profile',
        field: 'port',
      }),
    );
  }
  if (tls === 'none') {
    const field = `${direction}.tls`;
    if (!deployment.allowUnencrypted) {
      const outcome = unusable('encryption', 'this installation allows TLS or STARTTLS only', 'tls', 'profile');
      found.push(error(direction, field, findingText('EncryptionRequired', { direction }), outcome));
    } else if (authentication === 'basic' && !deployment.allowBasicAuthenticationUnencrypted) {
      const outcome = unusable('authentication', 'basic needs TLS or STARTTLS', 'authentication', 'profile');
      found.push(error(direction, field, findingText('BasicNeedsEncryption', { direction }), outcome));
    } else {
      found.push(warning(direction, field, findingText('NotEncrypted', { direction })));
    }
  }
  return found;
};

const ofAccount = (direction: MailChannel, endpoint: EndpointFacts, facts: ReadinessFacts): readonly Finding[] => {
  const { authentication, credentials, hasProfileCredentials } = endpoint;
  const field = `${direction}.authentication`;
  const noProvider: Outcome = {
    kind: 'AuthMechanismUnsupported',
    params: { host: endpoint.host },
    scope: 'profile',
    field: 'authentication',
  };
  if (credentials === 'anonymous') {
    const outcome = unusable('authentication', 'a login is needed', 'authentication', 'profile');
    return [error(direction, field, findingText('AnonymousNotPossible', { direction }), outcome)];
  }
  if (credentials === 'windowsIntegrated') {
    return [error(direction, field, findingText('WindowsIntegratedNotAvailable', { direction }), noProvider)];
  }
  const found: Finding[] = [];
  if (authentication === 'negotiate' || authentication === 'ntlm') {
    const text = findingText('ProtocolNotAvailable', { direction, protocol: authentication });
    found.push(error(direction, field, text, noProvider));
  }
  if (credentials === 'profile') {
    if (direction === 'incoming' && !facts.deployment.allowProfileCredentialsForIncoming) {
      const outcome = unusable('authentication', 'each mailbox has to use its own', 'authentication', 'profile');
      found.push(error(direction, field, findingText('ProfileCredentialsNotAllowed', {}), outcome));
    } else if (!hasProfileCredentials) {
      const outcome = unusable('user name and password', 'the profile has none', 'secret', 'profile');
      found.push(
        error(direction, `${direction}.secret`, findingText('ProfileCredentialsMissing', { direction }), outcome),
      );
    }
  } else if (!facts.hasOwnCredentials) {
    const outcome = unusable('user name and password', 'the mailbox has none', 'secret');
    found.push(error(direction, 'secret', findingText('OwnCredentialsMissing', {}), outcome));
  }
  return found;
};

const ofApproval = ({ approval, approvalRequired, address }: ReadinessFacts): readonly Finding[] => {
  if (address === null) return [];
  if (approval === 'rejected') return [warning(null, 'approval', findingText('ApprovalRejected', {}))];
  const isPending = approvalRequired && approval !== 'approved';
  return isPending ? [warning(null, 'approval', findingText('ApprovalPending', {}))] : [];
};

/** What is the same for both directions is one finding, about both. */
const merged = (findings: readonly Finding[]): readonly Finding[] => {
  const byText = new Map<string, Finding>();
  for (const finding of findings) {
    const same = byText.get(finding.text.sentence);
    byText.set(finding.text.sentence, same === undefined ? finding : { ...same, channel: null });
  }
  return [...byText.values()];
};

/**
 * Everything that can be known before a packet is sent, all of it at once, the next action first. Errors stop a test
 * of their channel; warnings do not: an unapproved mailbox is tested, and works as soon as it is approved.
 */
export const preflight = (facts: ReadinessFacts): readonly Finding[] =>
  merged([...ofMailbox(facts), ...ofProfile(facts), ...ofApproval(facts)]);

/** The outcome of a test of this channel that preflight stops; null: it may be tried. */
export const stoppedBy = (findings: readonly Finding[], channel: MailChannel): Outcome | null =>
  findings.find((finding) => finding.outcome !== null && (finding.channel ?? channel) === channel)?.outcome ?? null;
