import type { Account } from '../accounts/account.ts';
import { admit } from '../sasl/admission.ts';
import { authenticate, offeredMechanism } from '../sasl/authenticate.ts';
import { decoded, lineExchange } from '../sasl/base64-lines.ts';
import type { Connection } from '../wire/connection.ts';
import type { Conversation } from '../wire/conversation.ts';
import { mechanismsNow } from './smtp-extensions.ts';
import type { SmtpSettings } from './smtp-settings.ts';

const refusals = {
  credentials: '535 5.7.8 Error: authentication failed',
  token: '535 5.7.8 Error: authentication failed',
  cancelled: '501 5.7.0 Authentication aborted',
  malformed: '501 5.5.2 Malformed authentication data',
  authorization: '535 5.7.1 Authorization failed: the account may not act for this identity',
} as const;

/** AUTH (RFC 4954): the account that logged in, `undefined` when it was refused, `over` when the connection ended. */
export const smtpAuth = async (
  settings: SmtpSettings,
  connection: Connection,
  conversation: Conversation,
  argument: string,
  already: Account | undefined,
): Promise<Account | undefined | 'over'> => {
  const refuse = async (line: string): Promise<undefined> => {
    await connection.writeLines([line]);
    return undefined;
  };
  if (already !== undefined) return refuse('503 5.5.1 Already authenticated');
  if (settings.without.has('AUTH')) return refuse('503 5.5.1 AUTH command used when not advertised');
  if (settings.tls === 'starttls' && !connection.secure && !settings.allowPlainText) {
    return refuse('530 5.7.0 Must issue a STARTTLS command first');
  }
  const [name = '', initial] = argument.trim().split(/ +/);
  const mechanism = offeredMechanism(name, settings.mechanisms);
  if (mechanism === undefined) return refuse('504 5.5.4 Unrecognized authentication type');
  if (!mechanismsNow(settings, connection.secure).includes(mechanism)) {
    return refuse('538 5.7.11 Encryption required for requested authentication mechanism');
  }

  const exchange = lineExchange({
    connection,
    prefix: '334 ',
    hostName: settings.hostName,
    tokenError: settings.tokenError,
  });
  const proof = await authenticate(
    mechanism,
    exchange,
    settings.accounts,
    initial === undefined ? undefined : decoded(initial),
  );
  const admission = await admit(proof, 'smtp', conversation);
  switch (admission.kind) {
    case 'over':
      return 'over';
    case 'answered':
      return undefined;
    case 'refused':
      return refuse(refusals[admission.because]);
    case 'in':
      if (!admission.said) await connection.writeLines(['235 2.7.0 Authentication successful']);
      return admission.mailbox;
  }
};
