import { EmailAddress, Host, Secret } from '@mailroom/domain';
import { runsOf } from '@mailroom/domain/testing';
import { createConnector } from '@mailroom/mail-check';
import fc from 'fast-check';
import type { Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smtpProbe } from './smtp-probe.ts';
import { type RawServer, startRawServer } from './test-support/raw-server.ts';

const conversations = runsOf({ small: 200, ci: 1_000, full: 100_000 });
const secret = 'Tr0ub4dor-&-3 ';
const address = 'ada@example.test';
const deadlineMs = 150;

/** A server that knows its protocol, in few words. */
const polite = (heard: string | null): string => {
  if (heard === null) return '220 ready\r\n';
  const [command = ''] = heard.split(/[ :]/);
  if (command === 'EHLO') return '250-host\r\n250-SIZE 1000000\r\n250-STARTTLS\r\n250 AUTH PLAIN CRAM-MD5\r\n';
  if (command === 'AUTH') return heard.includes('PLAIN') ? '235 2.7.0 in\r\n' : '334 PDEuMkBob3N0Pg==\r\n';
  if (['MAIL', 'RCPT', 'RSET', 'HELO'].includes(command)) return '250 2.0.0 ok\r\n';
  if (command === 'QUIT') return '221 bye\r\n';
  return command === 'STARTTLS' ? '220 go ahead\r\n' : '235 2.7.0 in\r\n';
};

const line = fc.constantFrom(
  '220 ready',
  '220-ready',
  '250 ok',
  '250-ok',
  '250-AUTH SCRAM-SHA-256 CRAM-MD5 LOGIN\r\n250 SIZE 10',
  '250-AUTH XOAUTH2 OAUTHBEARER\r\n250 SMTPUTF8',
  '235 2.7.0 in',
  '334',
  '334 ',
  '334 PDEuMkBob3N0Pg==',
  '334 cj1hYmMscz1RUT09LGk9NDA5Ng==',
  '334 eyJzdGF0dXMiOiI0MDEifQ==',
  '354 go on',
  '421 4.7.0 {echo}',
  '421',
  '450 4.7.1 Greylisted, see https://example.org/',
  '454 4.7.0 Temporary authentication failure',
  '500 what is {echo}',
  '503 5.5.1 bad sequence',
  '530 5.7.0 Must issue a STARTTLS command first',
  '535-5.7.8 {echo}\r\n535 5.7.8 no',
  '550 5.7.1 relaying denied for {echo}',
  '99999 many digits',
  '2',
  '* OK imap',
  '+OK pop3',
  'HTTP/1.1 400 Bad Request',
  '',
);

/** A line with some of its bytes changed, and with one of several ends. */
const mutated = fc
  .tuple(
    line,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
    fc.constantFrom('\r\n', '\n', '', '\r', '\r\n\r\n'),
  )
  .map(([text, changes, end]) => {
    const bytes = Buffer.from(text + end, 'latin1');
    for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
    return bytes.toString('latin1');
  });

/** What a server does when it is its turn; null: what its protocol asks for. */
type Turn = { readonly say: string } | 'end' | 'reset' | 'silence' | null;

const turn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 12, arbitrary: fc.constant(null) },
  { weight: 4, arbitrary: line.map((text) => ({ say: `${text}\r\n` })) },
  { weight: 3, arbitrary: mutated.map((say) => ({ say })) },
  {
    weight: 1,
    arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ say: Buffer.from(bytes).toString('latin1') })),
  },
  { weight: 1, arbitrary: fc.constantFrom<Turn>('end', 'reset', 'silence') },
);

const script = fc.record({
  turns: fc.array(turn, { maxLength: 16 }),
  after: fc.constantFrom<Turn>('end', null),
  pieces: fc.boolean(),
  tls: fc.constantFrom('none' as const, 'none' as const, 'none' as const, 'starttls' as const, 'tls' as const),
});

interface Script {
  readonly turns: readonly Turn[];
  readonly after: Turn;
  readonly pieces: boolean;
}

const act = ({ turns, after, pieces }: Script, socket: Socket, heard: string | null, count: number): void => {
  const does = count < turns.length ? (turns[count] ?? null) : after;
  if (does === 'silence') return;
  if (does === 'end') socket.end();
  else if (does === 'reset') socket.resetAndDestroy();
  else {
    const text = does === null ? polite(heard) : does.say;
    const [tag = ''] = (heard ?? '').split(' ');
    const bytes = Buffer.from(text.replaceAll('{tag}', tag).replaceAll('{echo}', heard ?? ''), 'latin1');
    if (pieces) for (const byte of bytes) socket.write(Buffer.of(byte));
    else socket.write(bytes);
  }
};

/** Servers side by side: most of a conversation is waiting. */
const width = 25;
const servers: RawServer[] = [];
const scripts: Script[] = [];

beforeAll(async () => {
  for (let slot = 0; slot < width; slot += 1) {
    const session = (socket: Socket, heard: string | null, count: number): void => {
      const current = scripts[slot];
      if (current !== undefined) act(current, socket, heard, count);
    };
    servers.push(await startRawServer(session));
  }
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

const connector = createConnector({
  policy: {
    allowedAddresses: ['127.0.0.0/8'],
    trustedCertificates: [],
    ports: 'unrestricted',
    allowUnencrypted: true,
    allowBasicAuthenticationUnencrypted: true,
  },
});

const check = (port: number, tls: 'none' | 'starttls' | 'tls') =>
  smtpProbe({ connector }).check(
    {
      protocol: 'smtp',
      host: Host.orThrow('127.0.0.1'),
      port,
      tls,
      mechanism: 'auto',
      address: EmailAddress.orThrow(address),
      loginTemplate: null,
      folderTemplate: null,
      deadlineMs,
    },
    { userName: address, secret: new Secret(secret), kind: 'password', ofProfile: false },
  );

const base64 = (text: string): string => Buffer.from(text).toString('base64').replace(/=+$/, '');
const forms = [secret, secret.trim(), base64(secret), base64(`\0${address}\0${secret}`)];

describe('whatever a server says', () => {
  it(
    'a check settles in time, crashes nothing, tells no secret and leaves no connection',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(script, { minLength: width, maxLength: width }), async (all) => {
          const running = all.map(({ tls, ...rest }, slot) => {
            scripts[slot] = rest;
            return check(servers[slot]?.port ?? 0, tls);
          });
          for (const report of await Promise.all(running)) {
            const shown = JSON.stringify(report);
            for (const form of forms) expect(shown.includes(form), 'a secret is shown').toBe(false);
            // A generous allowance for a busy machine; what must not happen is waiting for a server for ever.
            expect(report.ms).toBeLessThan(deadlineMs + 5_000);
            expect(report.failure === null).toBe(report.verdict !== 'failed');
            for (const text of [report.failure?.serverText, ...report.steps.map(({ detail }) => detail)]) {
              expect((text ?? '').length).toBeLessThanOrEqual(300);
            }
          }
          await Promise.all(servers.map((server) => server.idle()));
        }),
        { numRuns: Math.ceil(conversations / width) },
      );
    },
    Math.max(60_000, conversations * 100),
  );

  it('passes when the server says what its protocol asks for', async () => {
    scripts[0] = { turns: [], after: null, pieces: false };
    const report = await smtpProbe({ connector }).check(
      {
        protocol: 'smtp',
        host: Host.orThrow('127.0.0.1'),
        port: servers[0]?.port ?? 0,
        tls: 'none',
        mechanism: 'plain',
        address: EmailAddress.orThrow(address),
        loginTemplate: null,
        folderTemplate: null,
        deadlineMs: 20_000,
      },
      { userName: address, secret: new Secret(secret), kind: 'password', ofProfile: false },
    );
    expect(report.failure).toBeNull();
  });
});
