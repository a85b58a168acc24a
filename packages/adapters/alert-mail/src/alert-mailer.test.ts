import { alertMailerLaws, type AlertMailerUnderTest, type MailServerState } from '@mailroom/domain/testing';
import { EmailAddress, Secret } from '@mailroom/domain';
import { createConnector } from '@mailroom/mail-check';
import {
  type Certificates,
  closedPort,
  createCertificates,
  reply,
  type Rule,
  type RunningServer,
  startSmtpServer,
  type SubmittedMessage,
} from '@mailroom/mail-sandbox';
import * as E from 'fp-ts/lib/Either.js';
import PostalMime from 'postal-mime';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { alertMailServer, type AlertMailServerOptions } from './alert-mail-server.ts';
import { alertMailer } from './alert-mailer.ts';

const password = 'pä"ss\\wörd ';
const account = { userName: 'mailroom', password, address: 'mailroom@example.test' };
const [ada, grace] = ['ada@example.test', 'grace@example.test'].map((address) => EmailAddress.orThrow(address)) as [
  EmailAddress,
  EmailAddress,
];
const known = (address: string) => ({ userName: address, password, address });

let certificates: Certificates;
beforeAll(async () => {
  certificates = await createCertificates();
});

const mailerFor = (
  server: Pick<RunningServer, 'host' | 'port'>,
  changes: Partial<AlertMailServerOptions> & { readonly allowedAddresses?: readonly string[] } = {},
) => {
  const { allowedAddresses = ['127.0.0.0/8'], ...rest } = changes;
  const ports = 'unrestricted';
  const connector = createConnector({
    policy: {
      allowedAddresses,
      trustedCertificates: [certificates.ca],
      ports,
      allowUnencrypted: false,
      allowBasicAuthenticationUnencrypted: false,
    },
  });
  const options = { host: 'localhost', port: server.port, tls: 'starttls', from: account.address } as const;
  const login = { userName: account.userName, password: new Secret(password) };
  const read = alertMailServer({ ...options, ...login, ...rest }, ports, {});
  if (E.isLeft(read)) throw new Error(read.left.join());
  return alertMailer({ server: read.right, connector });
};

const scripts: Readonly<Partial<Record<MailServerState, readonly Rule[]>>> = {
  busy: [{ at: 'MAIL', reaction: reply('451 4.3.2 Please try again later') }],
  refusesLogin: [{ at: 'auth', reaction: reply('535 5.7.8 Authentication failed') }],
};

const open = async (state: MailServerState, tls: 'tls' | 'starttls'): Promise<AlertMailerUnderTest> => {
  const delivered: SubmittedMessage[] = [];
  const reachable =
    state === 'refusesRecipients' ? [] : state === 'knowsOnlyTheFirst' ? [known(ada)] : [known(ada), known(grace)];
  const server = await startSmtpServer({
    tls,
    certificate: certificates.leafs.good,
    accounts: [account, ...reachable],
    script: () => scripts[state] ?? [],
    onDeliver: (message) => {
      delivered.push(message);
      return message;
    },
  });
  const port = state === 'away' ? await closedPort() : server.port;
  return {
    mailer: mailerFor({ host: server.host, port }, { tls }),
    recipients: [ada, grace],
    password,
    received: async () => {
      // One message for each recipient is one mail when it came in one go.
      const mails = new Map<Buffer, string[]>();
      for (const { to, content } of delivered) mails.set(content, [...(mails.get(content) ?? []), to]);
      return Promise.all(
        [...mails].map(async ([content, to]) => {
          const { messageId = '', subject = '', text = '', headers } = await PostalMime.parse(content);
          return { to, messageId, subject, text, headers: headers.map(({ key }) => key) };
        }),
      );
    },
    dispose: () => server.close(),
  };
};

alertMailerLaws('nodemailer over STARTTLS', (state) => open(state, 'starttls'));
alertMailerLaws('nodemailer over TLS', (state) => open(state, 'tls'));

describe('what the deployment allows', () => {
  let server: RunningServer;
  afterEach(() => server.close());
  const text = (sentence: string) => ({ key: 'test', params: {}, sentence });
  const mail = { id: 'a', to: [ada], subject: text('About'), paragraphs: [text('Body')] };
  const start = (options: Parameters<typeof startSmtpServer>[0]) =>
    startSmtpServer({ accounts: [account, known(ada)], certificate: certificates.leafs.good, ...options });

  it('counts for alert mail: no packet to an address that is not permitted', async () => {
    server = await start({ tls: 'starttls' });
    const answer = await mailerFor(server, { allowedAddresses: [] }).send(mail)();
    expect(answer).toEqual(E.left({ _tag: 'AlertMailUnavailable', kind: 'TargetNotAllowed' }));
    expect(server.transcript.lines('client')).toEqual([]);
  });

  it('a certificate that does not fit is not put up with', async () => {
    server = await start({ tls: 'starttls', certificate: certificates.leafs.wrongHost });
    const answer = await mailerFor(server).send(mail)();
    expect(answer).toMatchObject({ left: { _tag: 'AlertMailUnavailable', kind: 'CertificateHostnameMismatch' } });
    expect(server.transcript.lines('client').join()).not.toContain('MAIL FROM');
  });

  it('STARTTLS is required, whatever the server offers', async () => {
    server = await start({ tls: 'none' });
    const answer = await mailerFor(server).send(mail)();
    expect(answer).toEqual(E.left({ _tag: 'AlertMailUnavailable', kind: 'StartTlsNotOffered' }));
    expect(server.transcript.lines('client').join()).not.toMatch(/AUTH|MAIL FROM/);
  });
});
