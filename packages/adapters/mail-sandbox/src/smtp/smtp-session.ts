import type { Connection } from '../wire/connection.ts';
import type { Conversation } from '../wire/conversation.ts';
import { smtpAuth } from './smtp-auth.ts';
import { smtpExtensions } from './smtp-extensions.ts';
import type { SmtpSettings } from './smtp-settings.ts';
import { createTransaction } from './smtp-transaction.ts';

/** Hides what follows AUTH's mechanism. */
const shown = (line: string): string => line.replace(/^(AUTH +\S+ +).+$/i, '$1***');

/** One conversation, from the greeting to QUIT. */
export const smtpSession = async (
  settings: SmtpSettings,
  connection: Connection,
  conversation: Conversation,
): Promise<void> => {
  const transaction = createTransaction(settings, connection, conversation);
  const say = (...lines: string[]): Promise<void> => connection.writeLines(lines);
  let greeted = false;

  const greeting = await conversation.step('greeting');
  if (greeting === 'over') return;
  if (greeting === 'usual') await say(`220 ${settings.greeting}`);

  for (;;) {
    const line = await connection.readLine(shown);
    if (line === undefined) return;
    const [, verb = '', argument = ''] = /^(\S*) ?(.*)$/.exec(line) ?? [];
    const command = verb.toUpperCase();
    const outcome = await conversation.step(
      command as Uppercase<string>,
      shown(line),
      transaction.variables(command, argument),
    );
    if (outcome === 'over') return;
    if (outcome === 'handled') continue;
    const said = outcome === 'effect';
    switch (command) {
      case 'EHLO':
      case 'HELO':
        transaction.reset();
        greeted = true;
        if (said) break;
        if (command === 'HELO') await say(`250 ${settings.hostName}`);
        else await say(...numbered([settings.hostName, ...smtpExtensions(settings, connection.secure)]));
        break;
      case 'STARTTLS': {
        const { certificate } = settings;
        if (settings.tls !== 'starttls' || certificate === undefined || settings.without.has('STARTTLS')) {
          await say('502 5.5.1 Command not implemented');
          break;
        }
        if (connection.secure) {
          await say('503 5.5.1 TLS already active');
          break;
        }
        if (!said) {
          connection.discardUnread();
          await say('220 2.0.0 Ready to start TLS');
        }
        if ((await conversation.step('tls')) !== 'usual' || !(await connection.upgrade(certificate))) return;
        greeted = false;
        transaction.reset();
        break;
      }
      case 'AUTH': {
        if (!greeted) {
          await say('503 5.5.1 Send EHLO first');
          break;
        }
        const login = await smtpAuth(settings, connection, conversation, argument, transaction.login());
        if (login === 'over') return;
        if (login !== undefined) transaction.loggedIn(login);
        break;
      }
      case 'MAIL':
      case 'RCPT':
      case 'DATA':
        if ((await transaction.command(command, argument, said)) === 'over') return;
        break;
      case 'RSET':
        transaction.reset();
        if (!said) await say('250 2.0.0 Ok');
        break;
      case 'NOOP':
        if (!said) await say('250 2.0.0 Ok');
        break;
      case 'QUIT':
        if (!said) await say('221 2.0.0 Bye');
        return;
      default:
        await say('500 5.5.2 Command not recognised');
    }
  }
};

const numbered = (lines: readonly string[]): readonly string[] =>
  lines.map((line, index) => `250${index === lines.length - 1 ? ' ' : '-'}${line}`);
