import type { Connection } from '../wire/connection.ts';
import type { Conversation } from '../wire/conversation.ts';
import { imapCapabilities } from './imap-capabilities.ts';
import { quoted, readCommand, type ImapCommand } from './imap-command.ts';
import { imapLogin } from './imap-login.ts';
import { createImapMailbox, type ImapMailbox } from './imap-mailbox.ts';
import type { ImapSettings } from './imap-settings.ts';

/** One conversation, from the greeting to LOGOUT. */
export const imapSession = async (
  settings: ImapSettings,
  connection: Connection,
  conversation: Conversation,
): Promise<void> => {
  const say = (...lines: string[]): Promise<void> => connection.writeLines(lines);
  const capabilities = (): string => imapCapabilities(settings, connection.secure, mailbox !== undefined).join(' ');
  let mailbox: ImapMailbox | undefined;
  let identified = false;

  const greeting = await conversation.step('greeting');
  if (greeting === 'over') return;
  if (greeting === 'usual') {
    await say(`* OK ${settings.announceCapabilities ? `[CAPABILITY ${capabilities()}] ` : ''}${settings.greeting}`);
  }

  for (;;) {
    const command = await readCommand(connection);
    if (command === undefined) return;
    if (command === 'malformed') {
      await say('* BAD Error in IMAP command received by server.');
      continue;
    }
    const { tag, name } = command;
    const outcome = await conversation.step(name as Uppercase<string>, command.shown, {
      tag,
      user: mailbox?.account.userName ?? '',
      address: mailbox?.account.address ?? '',
    });
    if (outcome === 'over') return;
    if (outcome === 'handled') continue;
    const said = outcome === 'effect';
    const answer = async (...lines: string[]): Promise<void> => {
      if (!said) await say(...lines);
    };
    if (settings.without.has(name)) {
      await answer(`${tag} BAD Unknown command: ${name}`);
      continue;
    }
    switch (name) {
      case 'CAPABILITY':
        await answer(`* CAPABILITY ${capabilities()}`, `${tag} OK Capability completed.`);
        break;
      case 'ID':
        identified = true;
        await answer(`* ID (${Object.entries(settings.id).flat().map(quoted).join(' ')})`, `${tag} OK ID completed.`);
        break;
      case 'LOGOUT':
        await answer('* BYE Logging out', `${tag} OK Logout completed.`);
        return;
      case 'STARTTLS': {
        const { certificate } = settings;
        if (settings.tls !== 'starttls' || certificate === undefined || connection.secure || mailbox !== undefined) {
          await say(`${tag} BAD Command not permitted now.`);
          break;
        }
        if (!said) connection.discardUnread();
        await answer(`${tag} OK Begin TLS negotiation now.`);
        if ((await conversation.step('tls')) !== 'usual' || !(await connection.upgrade(certificate))) return;
        break;
      }
      case 'LOGIN':
      case 'AUTHENTICATE': {
        if (mailbox !== undefined) {
          await say(`${tag} BAD Already logged in.`);
          break;
        }
        const login = await imapLogin(settings, connection, conversation, command);
        if (login === 'over') return;
        if (login === undefined) break;
        mailbox = createImapMailbox(settings, login.mailbox, login.login);
        const listed = settings.announceCapabilities ? `[CAPABILITY ${capabilities()}] ` : '';
        if (!login.said && !said) await say(`${tag} OK ${listed}Logged in`);
        break;
      }
      default: {
        const lines = answerInMailbox(settings, mailbox, command, identified);
        if (!said) for (const line of lines) await (typeof line === 'string' ? say(line) : connection.writeBytes(line));
      }
    }
  }
};

const answerInMailbox = (
  settings: ImapSettings,
  mailbox: ImapMailbox | undefined,
  command: ImapCommand,
  identified: boolean,
): readonly (string | Buffer)[] => {
  const { tag, name } = command;
  if (name === 'NOOP' && mailbox === undefined) return [`${tag} OK NOOP completed.`];
  if (mailbox === undefined) return [`${tag} BAD Command not permitted in this state: ${name}`];
  if ((name === 'SELECT' || name === 'EXAMINE') && settings.idRequired !== undefined && !identified) {
    return [`${tag} NO ${settings.idRequired}`];
  }
  return mailbox.answer(command);
};
