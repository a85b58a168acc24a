// A process of its own, so that the servers' work is not counted: the sandbox's servers behind TLS, with one context for
// all connections, because only such a server can resume a session. Tells its ports and ends with its parent.
import { once } from 'node:events';
import { connect, type AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import {
  createAccounts,
  createCertificates,
  createMessageStore,
  type RunningServer,
  startImapServer,
  startPop3Server,
  startSmtpServer,
} from '@mailroom/mail-sandbox';
import { accountAt, accountCount } from './accounts.ts';

const { ca, leafs } = await createCertificates();
const accounts = createAccounts(
  Array.from({ length: accountCount }, (_, index) => {
    const { address, password } = accountAt(index);
    return { userName: address, password, address, quota: { usedKiB: 10, limitKiB: 1_000 } };
  }),
);
const store = createMessageStore();
for (const { address } of accounts.all()) store.deliver(address, 'Subject: One message\r\n\r\nOne line.\r\n');

const behindTls = async ({ port }: RunningServer): Promise<number> => {
  const server = createServer({ key: leafs.good.key, cert: leafs.good.chain, noDelay: true }, (secured) => {
    const plain = connect({ port, host: '127.0.0.1', noDelay: true });
    secured.on('error', () => plain.destroy());
    plain.on('error', () => secured.destroy());
    secured.pipe(plain).pipe(secured);
  });
  server.on('tlsClientError', () => undefined);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

// One mechanism, so that every client logs in by the same one.
const options = { accounts, store, mechanisms: ['PLAIN'], allowPlainText: true } as const;
process.send?.({
  ca,
  imap: await behindTls(await startImapServer(options)),
  pop3: await behindTls(await startPop3Server(options)),
  smtp: await behindTls(await startSmtpServer(options)),
});
process.on('disconnect', () => process.exit());
