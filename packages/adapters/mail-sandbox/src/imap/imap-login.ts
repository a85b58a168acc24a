import type { Account } from '../accounts/account.ts';
import { admit } from '../sasl/admission.ts';
import { authenticate, offeredMechanism, sendsPassword } from '../sasl/authenticate.ts';
import { decoded, lineExchange } from '../sasl/base64-lines.ts';
import { proofOf, type Proof } from '../sasl/mechanism.ts';
import type { Connection } from '../wire/connection.ts';
import type { Conversation } from '../wire/conversation.ts';
import { type ImapCommand, textOf } from './imap-command.ts';
import type { ImapSettings } from './imap-settings.ts';

const refusals = {
  credentials: 'NO [AUTHENTICATIONFAILED] Authentication failed.',
  token: 'NO [AUTHENTICATIONFAILED] Authentication failed.',
  cancelled: 'BAD Authentication aborted',
  malformed: 'BAD Invalid authentication data',
  authorization: 'NO [AUTHORIZATIONFAILED] Authorization failed',
} as const;

/** Who logged in and whose mailbox was opened; `undefined` when refused, `over` when the connection ended. */
export const imapLogin = async (
  settings: ImapSettings,
  connection: Connection,
  conversation: Conversation,
  command: ImapCommand,
): Promise<{ readonly login: Account; readonly mailbox: Account; readonly said: boolean } | undefined | 'over'> => {
  const { tag } = command;
  const proof = await proofFor(settings, connection, command);
  if (typeof proof === 'string') {
    await connection.writeLines([`${tag} ${proof}`]);
    return undefined;
  }
  const admission = await admit(proof, 'imap', conversation, { tag });
  switch (admission.kind) {
    case 'over':
      return 'over';
    case 'answered':
      return undefined;
    case 'refused':
      await connection.writeLines([`${tag} ${refusals[admission.because]}`]);
      return undefined;
    case 'in':
      return admission;
  }
};

const proofFor = async (
  settings: ImapSettings,
  connection: Connection,
  command: ImapCommand,
): Promise<Proof | string> => {
  const { name, tokens } = command;
  const open = connection.secure || settings.allowPlainText;
  const closedDoor = 'NO [PRIVACYREQUIRED] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.';
  if (name === 'LOGIN') {
    if (!open) return closedDoor;
    if (tokens.length !== 2) return 'BAD Error in IMAP command LOGIN: Missing arguments';
    return proofOf(settings.accounts, textOf(tokens[0]), (account) => account.password === textOf(tokens[1]));
  }
  const mechanism = offeredMechanism(textOf(tokens[0]), settings.mechanisms);
  if (mechanism === undefined) return 'NO [CANNOT] Unsupported authentication mechanism.';
  if (!open && sendsPassword(mechanism)) return closedDoor;
  const exchange = lineExchange({
    connection,
    prefix: '+ ',
    hostName: settings.hostName,
    tokenError: settings.tokenError,
  });
  const initial = tokens[1] === undefined ? undefined : decoded(textOf(tokens[1]));
  return authenticate(mechanism, exchange, settings.accounts, initial);
};
