import { createHash } from 'node:crypto';
import type { Account } from '../accounts/account.ts';
import { admit } from '../sasl/admission.ts';
import { authenticate, offeredMechanism, sendsPassword } from '../sasl/authenticate.ts';
import { decoded, lineExchange } from '../sasl/base64-lines.ts';
import { proofOf, type Proof } from '../sasl/mechanism.ts';
import { sameText } from '../sasl/passwords.ts';
import type { Connection } from '../wire/connection.ts';
import type { Conversation } from '../wire/conversation.ts';
import type { Pop3Settings } from './pop3-settings.ts';

/** One of the commands that log in. */
export interface Attempt {
  readonly command: 'USER' | 'PASS' | 'APOP' | 'AUTH';
  readonly argument: string;
  /** What USER said. */
  readonly userName: string | undefined;
  readonly timestamp: string;
  readonly said: boolean;
}

const refusals = {
  credentials: '-ERR [AUTH] Authentication failed.',
  token: '-ERR [AUTH] Authentication failed.',
  cancelled: '-ERR Authentication aborted.',
  malformed: '-ERR Invalid authentication data.',
  authorization: '-ERR [AUTH] Authorization failed.',
} as const;

/** The account that logged in, `undefined` when there is none yet, `over` when the connection ended. */
export const pop3Login = async (
  settings: Pop3Settings,
  connection: Connection,
  conversation: Conversation,
  attempt: Attempt,
): Promise<Account | undefined | 'over'> => {
  const proof = await proofFor(settings, connection, attempt);
  if (typeof proof === 'string') {
    if (!attempt.said) await connection.writeLines([proof]);
    return undefined;
  }
  const admission = await admit(proof, 'pop3', conversation);
  if (admission.kind === 'over') return 'over';
  if (admission.kind === 'answered') return undefined;
  if (admission.kind === 'refused') {
    await connection.writeLines([refusals[admission.because]]);
    return undefined;
  }
  if (!admission.said) await connection.writeLines(['+OK Logged in.']);
  return admission.mailbox;
};

/** What the client proved, or the answer to say before there is anything to prove. */
const proofFor = async (settings: Pop3Settings, connection: Connection, attempt: Attempt): Promise<Proof | string> => {
  const { command, argument, userName, timestamp } = attempt;
  const { accounts } = settings;
  const open = connection.secure || settings.allowPlainText;
  const closedDoor = '-ERR [AUTH] Plaintext authentication disallowed on non-secure (SSL/TLS) connections.';
  switch (command) {
    case 'USER':
      if (!settings.userPass) return '-ERR Unknown command.';
      return open ? '+OK' : closedDoor;
    case 'PASS':
      if (!open) return closedDoor;
      if (!settings.userPass || userName === undefined) return '-ERR No username given.';
      return proofOf(accounts, userName, (account) => account.password === argument);
    case 'APOP': {
      if (!settings.apop) return '-ERR Unknown command.';
      const space = argument.lastIndexOf(' ');
      const digest = argument.slice(space + 1).toLowerCase();
      return proofOf(accounts, argument.slice(0, space), (account) =>
        sameText(
          createHash('md5')
            .update(timestamp + account.password)
            .digest('hex'),
          digest,
        ),
      );
    }
    case 'AUTH': {
      const [name = '', initial] = argument.trim().split(/ +/);
      const mechanism = offeredMechanism(name, settings.mechanisms);
      if (mechanism === undefined) return '-ERR [AUTH] Unsupported authentication mechanism.';
      if (!open && sendsPassword(mechanism)) return closedDoor;
      const exchange = lineExchange({
        connection,
        prefix: '+ ',
        hostName: settings.hostName,
        tokenError: settings.tokenError,
      });
      return authenticate(mechanism, exchange, accounts, initial === undefined ? undefined : decoded(initial));
    }
  }
};
