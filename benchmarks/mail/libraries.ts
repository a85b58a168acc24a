import { connect } from 'node:tls';
import { ImapFlow } from 'imapflow';
import Pop3Command from 'node-pop3';
import SMTPConnection from 'nodemailer/lib/smtp-connection';
import { accountAt } from './accounts.ts';
import { host, type Servers } from './servers.ts';

/** The libraries with their default options, sending what our checks send. */
export interface Libraries {
  readonly imap: (index: number) => Promise<void>;
  readonly pop3: (index: number) => Promise<void>;
  readonly smtp: (index: number) => Promise<void>;
}

export const libraries = (servers: Servers): Libraries => ({
  imap: async (index) => {
    const { address, password } = accountAt(index);
    const client = new ImapFlow({
      host,
      port: servers.imap,
      secure: true,
      auth: { user: address, pass: password },
      tls: { ca: servers.ca },
      // Its default writes every line to standard output.
      logger: false,
    });
    client.on('error', () => undefined);
    await client.connect();
    await client.mailboxOpen('INBOX', { readOnly: true });
    await client.status('INBOX', { messages: true, unseen: true });
    await client.getQuota('INBOX');
    await client.logout();
  },
  pop3: async (index) => {
    const { address, password } = accountAt(index);
    const client = new Pop3Command({
      host,
      port: servers.pop3,
      tls: true,
      // Its default is the address, which is no server name: Node warns of that.
      servername: 'localhost',
      user: address,
      password,
      // Its types name a server's options; it hands them to a client.
      tlsOptions: { ca: servers.ca },
    });
    // It cannot read the answer to CAPA, so that is the one command it is spared.
    await client.STAT();
    await client.UIDL(1);
    await client.TOP(1, 0);
    await client.QUIT();
  },
  smtp: async (index) => {
    const { address, password } = accountAt(index);
    const connection = new SMTPConnection({
      host,
      port: servers.smtp,
      secure: true,
      tls: { ca: servers.ca },
      // The library's public way to send a command of one's own.
      customAuth: {
        PERMISSION: async (context) => {
          const login = Buffer.from(`\0${address}\0${password}`).toString('base64');
          for (const line of [`AUTH PLAIN ${login}`, `MAIL FROM:<${address}>`, `RCPT TO:<${address}>`, 'RSET']) {
            const { response } = await context.sendCommand(line);
            if (!response.startsWith('2')) throw new Error(`${line.slice(0, 4)} was refused`);
          }
          context.resolve();
        },
      },
    });
    await new Promise<void>((resolve, reject) => {
      connection.on('error', reject);
      connection.once('end', resolve);
      connection.connect((error) => {
        if (error) {
          reject(error);
          return;
        }
        connection.login({ method: 'PERMISSION' }, (refused) => {
          if (refused) reject(refused);
          else connection.quit();
        });
      });
    });
  },
});

/** The least that a check can cost: a full handshake with verified certificate, and one line. */
export const bareTls = ({ ca }: Servers, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const socket = connect({ host, port, ca });
    socket.once('error', reject);
    socket.once('data', () => socket.destroy());
    socket.once('close', () => resolve());
  });
