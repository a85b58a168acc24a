import { randomBytes } from 'node:crypto';
import type { Account } from '../accounts/account.ts';
import type { Connection } from '../wire/connection.ts';
import type { Conversation } from '../wire/conversation.ts';
import { pop3Capabilities } from './pop3-capabilities.ts';
import { pop3Login } from './pop3-login.ts';
import { createMaildrop, type Maildrop } from './pop3-maildrop.ts';
import type { Pop3Settings } from './pop3-settings.ts';

/** Hides passwords, digests and initial responses. */
const shown = (line: string): string =>
  line
    .replace(/^(PASS ?).*$/i, '$1***')
    .replace(/^(APOP +\S+ +).*$/i, '$1***')
    .replace(/^(AUTH +\S+ +).+$/i, '$1***');

/** One conversation, from the greeting to QUIT. */
export const pop3Session = async (
  settings: Pop3Settings,
  connection: Connection,
  conversation: Conversation,
): Promise<void> => {
  const say = (...lines: string[]): Promise<void> => connection.writeLines(lines);
  const timestamp = `<${process.pid}.${randomBytes(6).toString('hex')}@${settings.hostName}>`;
  let account: Account | undefined;
  let maildrop: Maildrop | undefined;
  let userName: string | undefined;

  const greeting = await conversation.step('greeting');
  if (greeting === 'over') return;
  if (greeting === 'usual') await say(`+OK ${settings.greeting}${settings.apop ? ` ${timestamp}` : ''}`);

  for (;;) {
    const line = await connection.readLine(shown);
    if (line === undefined) return;
    const [, verb = '', argument = ''] = /^(\S*) ?(.*)$/.exec(line) ?? [];
    const command = verb.toUpperCase();
    const outcome = await conversation.step(command as Uppercase<string>, shown(line), {
      user: account?.userName ?? userName ?? '',
      address: account?.address ?? '',
    });
    if (outcome === 'over') return;
    if (outcome === 'handled') continue;
    const said = outcome === 'effect';
    switch (command) {
      case 'CAPA':
        if (!said) await say('+OK Capability list follows', ...pop3Capabilities(settings, connection.secure), '.');
        break;
      case 'STLS': {
        const { certificate } = settings;
        if (settings.tls !== 'starttls' || certificate === undefined || settings.without.has('STLS')) {
          await say('-ERR Unknown command.');
          break;
        }
        if (connection.secure || account !== undefined) {
          await say('-ERR TLS is already active.');
          break;
        }
        if (!said) {
          connection.discardUnread();
          await say('+OK Begin TLS negotiation now.');
        }
        if ((await conversation.step('tls')) !== 'usual' || !(await connection.upgrade(certificate))) return;
        userName = undefined;
        break;
      }
      case 'USER':
      case 'PASS':
      case 'APOP':
      case 'AUTH': {
        if (account !== undefined) {
          await say('-ERR Already logged in.');
          break;
        }
        const attempt = { command, argument, userName, timestamp, said } as const;
        const login = await pop3Login(settings, connection, conversation, attempt);
        if (login === 'over') return;
        userName = command === 'USER' ? argument : undefined;
        if (login !== undefined) {
          account = login;
          maildrop = createMaildrop(settings.store.folder(login.address), settings.without);
        }
        break;
      }
      case 'NOOP':
        if (!said) await say('+OK');
        break;
      case 'QUIT': {
        const deleted = maildrop?.deleted ?? new Set<number>();
        if (account !== undefined && deleted.size > 0)
          settings.store.remove(settings.store.folder(account.address), deleted);
        if (!said) await say('+OK Bye.');
        return;
      }
      default: {
        if (said) break;
        const answer = maildrop?.command(command, argument) ?? ['-ERR Unknown command.'];
        await say(...answer);
      }
    }
  }
};
