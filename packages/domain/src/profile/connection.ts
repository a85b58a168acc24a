import { automaticPort, automaticTls, type MailChannel, type PortPolicy, type Protocol } from '../values/index.ts';
import type { ConnectionInput, EndpointInput } from './commands.ts';
import type { CredentialSource, Endpoint, ServerType } from './events.ts';
import type { Connection } from './state.ts';

/** What an endpoint comes to. Host and port may still be open: validation says so, with everything else. */
export type Draft = Omit<Endpoint, 'host' | 'port'> & {
  readonly host: Endpoint['host'] | undefined;
  /** null: no usual port is allowed. */
  readonly port: number | null;
};

/** A connection as a command would make it, before anybody has looked whether it is allowed. */
export interface ConnectionDraft extends Omit<Connection, MailChannel> {
  readonly incoming: Draft | null;
  readonly outgoing: Draft | null;
}

export const protocolOf = (serverType: ServerType, channel: MailChannel): Protocol =>
  channel === 'outgoing' ? 'smtp' : serverType === 'imap-smtp' ? 'imap' : 'pop3';

const draftEndpoint = (
  protocol: Protocol,
  input: EndpointInput,
  current: Endpoint | null,
  credentials: CredentialSource,
  policy: PortPolicy,
): Draft => {
  // A chosen port survives what comes later, also when it happens to be the usual one.
  const kept = current?.portSource === 'chosen' ? current.port : 'automatic';
  const asked = input.port ?? kept;
  const chosen = asked === 'automatic' ? null : asked;
  const tls = input.tls ?? current?.tls ?? automaticTls(protocol, chosen, policy);
  return {
    host: input.host ?? current?.host,
    port: chosen ?? automaticPort(protocol, tls, policy),
    portSource: chosen === null ? 'automatic' : 'chosen',
    tls,
    authentication: input.authentication ?? current?.authentication ?? 'autoDetect',
    credentials,
  };
};

/**
 * What the connection comes to when this input is laid over the current one. "Use same settings for outgoing" concerns
 * credentials only: host, port, TLS and authentication protocol stay separate (seed). Without an incoming server there
 * is nothing to be the same as.
 */
export const draftConnection = (
  serverType: ServerType,
  input: ConnectionInput,
  current: Connection,
  policy: PortPolicy,
): ConnectionDraft => {
  const isThere = (channel: MailChannel): boolean =>
    input[channel] === undefined ? current[channel] !== null : input[channel] !== null;

  const same = isThere('incoming') && (input.sameSettingsForOutgoing ?? current.sameSettingsForOutgoing);
  const incomingCredentials = input.incoming?.credentials ?? current.incoming?.credentials ?? 'mailbox';
  const ownCredentials = input.outgoing?.credentials ?? current.outgoing?.credentials ?? 'mailbox';

  const draft = (channel: MailChannel, credentials: CredentialSource): Draft | null =>
    isThere(channel)
      ? draftEndpoint(protocolOf(serverType, channel), input[channel] ?? {}, current[channel], credentials, policy)
      : null;

  return {
    incoming: draft('incoming', incomingCredentials),
    outgoing: draft('outgoing', same ? incomingCredentials : ownCredentials),
    sameSettingsForOutgoing: same,
    loginTemplate: input.loginTemplate === undefined ? current.loginTemplate : input.loginTemplate,
    folderTemplate: input.folderTemplate === undefined ? current.folderTemplate : input.folderTemplate,
  };
};

/** Which direction's account a channel logs in with, when it uses the credentials of the profile. */
export const accountChannel = (
  channel: MailChannel,
  connection: Pick<Connection, 'sameSettingsForOutgoing'>,
): MailChannel => (channel === 'outgoing' && connection.sameSettingsForOutgoing ? 'incoming' : channel);

/** The directions whose credentials are those of the profile. */
export const channelsWithProfileCredentials = (connection: ConnectionDraft | Connection): readonly MailChannel[] =>
  (['incoming', 'outgoing'] as const).filter((channel) => connection[channel]?.credentials === 'profile');
