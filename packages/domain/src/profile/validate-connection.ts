import { isPortAllowed, type MailChannel, type PortPolicy, portsInWords } from '../values/index.ts';
import type { ConnectionInput, ProfileRules } from './commands.ts';
import { channelsWithProfileCredentials, type ConnectionDraft, type Draft, protocolOf } from './connection.ts';
import type { AuthenticationProtocol, CredentialSource, Endpoint, ServerType } from './events.ts';
import { reject, type Rejection } from './rejections.ts';
import type { Connection } from './state.ts';

const checkCredentials = (channel: MailChannel, credentials: CredentialSource, rules: ProfileRules): Rejection[] => {
  const field = `${channel}.credentials`;
  if (credentials === 'anonymous') return [reject.AnonymousNotValid({}, field)];
  if (credentials === 'windowsIntegrated') {
    if (channel === 'incoming') return [reject.WindowsIntegratedNotForIncoming({}, field)];
    if (!rules.allowDirectoryAuthentication) return [reject.WindowsIntegratedNotAllowed({}, field)];
  }
  if (credentials === 'profile' && channel === 'incoming' && !rules.allowProfileCredentialsForIncoming) {
    return [reject.ProfileCredentialsNotAllowed({}, field)];
  }
  return [];
};

/** Which credentials each authentication protocol can carry. */
const fits = (authentication: AuthenticationProtocol, credentials: CredentialSource): boolean => {
  switch (authentication) {
    case 'autoDetect':
      return true;
    case 'oauth':
      return credentials === 'oauth';
    case 'basic':
      return credentials === 'mailbox' || credentials === 'profile';
    case 'negotiate':
    case 'ntlm':
      return credentials !== 'oauth';
  }
};

const checkAuthentication = (channel: MailChannel, endpoint: Draft, rules: ProfileRules): Rejection[] => {
  const { authentication, credentials, tls } = endpoint;
  const field = `${channel}.authentication`;
  const findings: Rejection[] = [];
  if (authentication === 'negotiate' || authentication === 'ntlm') {
    if (channel === 'incoming') findings.push(reject.DirectoryAuthenticationNotForIncoming({}, field));
    else if (!rules.allowDirectoryAuthentication) findings.push(reject.DirectoryAuthenticationNotAllowed({}, field));
  }
  // What is wrong with anonymous credentials is said already.
  if (credentials !== 'anonymous' && !fits(authentication, credentials)) {
    findings.push(reject.AuthenticationDoesNotFit({ authentication, credentials }, field));
  }
  if (authentication === 'basic' && tls === 'none' && !rules.allowBasicAuthenticationUnencrypted) {
    findings.push(reject.BasicAuthenticationUnencrypted({}, field));
  }
  return findings;
};

const checkPort = (
  channel: MailChannel,
  { port, tls }: Draft,
  serverType: ServerType,
  ports: PortPolicy,
): Rejection[] => {
  const field = `${channel}.port`;
  const allowed = portsInWords(ports);
  const protocol = protocolOf(serverType, channel).toUpperCase();
  if (port === null) return [reject.NoPermittedPort({ protocol, tls, allowed }, field)];
  return isPortAllowed(ports, port) ? [] : [reject.PortNotAllowed({ port, allowed }, field)];
};

const checkEndpoint = (
  channel: MailChannel,
  endpoint: Draft,
  serverType: ServerType,
  rules: ProfileRules,
): readonly Rejection[] => {
  const findings: Rejection[] = [];
  if (endpoint.host === undefined) findings.push(reject.HostMissing({ channel }, `${channel}.host`));
  if (endpoint.tls === 'none' && !rules.allowUnencrypted) {
    findings.push(reject.EncryptionRequired({}, `${channel}.tls`));
  }
  return [
    ...findings,
    ...checkPort(channel, endpoint, serverType, rules.ports),
    ...checkCredentials(channel, endpoint.credentials, rules),
    ...checkAuthentication(channel, endpoint, rules),
  ];
};

const isTemplate = (text: string, needed: string, known: readonly string[]): boolean =>
  text.length <= 250 &&
  text.includes(needed) &&
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
  !/[{}\u0000-\u001f\u007f]/.test(known.reduce((rest, name) => rest.replaceAll(name, ''), text));

const checkTemplate = (
  name: 'login template' | 'folder template',
  field: 'loginTemplate' | 'folderTemplate',
  draft: ConnectionDraft,
  placeholders: readonly string[],
): readonly Rejection[] => {
  const template = draft[field];
  if (template === null) return [];
  const findings: Rejection[] = [];
  if (!isTemplate(template, '{mailbox}', placeholders)) {
    const words = { template: name, needed: '{mailbox}', allowed: placeholders.join(' or ') };
    findings.push(reject.TemplateNotValid(words, field));
  }
  if (channelsWithProfileCredentials(draft).length === 0) {
    findings.push(reject.TemplateNeedsProfileCredentials({ template: name }, field));
  }
  return findings;
};

/** True when the command gives outgoing credentials of its own although they are to be those of incoming. */
const givesOtherOutgoing = (input: ConnectionInput, draft: ConnectionDraft): boolean => {
  const asked = input.outgoing?.credentials;
  return draft.sameSettingsForOutgoing && asked !== undefined && asked !== draft.incoming?.credentials;
};

/** Everything that is wrong with a connection, field by field; nothing when it may be saved. */
export const findingsAbout = (
  serverType: ServerType,
  input: ConnectionInput,
  draft: ConnectionDraft,
  rules: ProfileRules,
): readonly Rejection[] => {
  const { incoming, outgoing } = draft;
  const findings: Rejection[] = [];
  if (incoming === null && outgoing === null) findings.push(reject.LocationMissing({}, 'incoming'));
  if (incoming !== null) findings.push(...checkEndpoint('incoming', incoming, serverType, rules));
  if (outgoing !== null) {
    const outgoingFindings = checkEndpoint('outgoing', outgoing, serverType, rules);
    // Credentials that are copied from incoming have been judged there.
    const isCopied = draft.sameSettingsForOutgoing && incoming?.credentials === 'anonymous';
    findings.push(...outgoingFindings.filter(({ _tag }) => !(isCopied && _tag === 'AnonymousNotValid')));
  }
  if (givesOtherOutgoing(input, draft)) findings.push(reject.OutgoingFollowsIncoming({}, 'outgoing.credentials'));
  findings.push(...checkTemplate('login template', 'loginTemplate', draft, ['{mailbox}', '{user}']));
  findings.push(...checkTemplate('folder template', 'folderTemplate', draft, ['{mailbox}']));
  if (draft.folderTemplate !== null && serverType === 'pop3-smtp') {
    findings.push(reject.FolderTemplateNeedsImap({}, 'folderTemplate'));
  }
  return findings;
};

const finished = (endpoint: Draft | null): Endpoint | null => {
  if (endpoint === null) return null;
  const { host, port } = endpoint;
  if (host === undefined || port === null) throw new Error('finished: the endpoint has findings');
  return { ...endpoint, host, port };
};

/** The connection of a draft without findings. */
export const finishedConnection = (draft: ConnectionDraft): Connection => ({
  ...draft,
  incoming: finished(draft.incoming),
  outgoing: finished(draft.outgoing),
});
