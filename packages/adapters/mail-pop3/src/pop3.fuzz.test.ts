import type { CheckReport } from '@mailroom/domain';
import fc from 'fast-check';
import type { Socket } from 'node:net';
import { runsOf } from '@mailroom/domain/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { checkPop3, secret } from './test-support/check-pop3.ts';
import { type RawServer, startRawServer } from './test-support/raw-server.ts';

const conversations = runsOf({ small: 150, ci: 1_000, full: 100_000 });

/** What a server does when it is its turn. */
type Turn =
  | { readonly do: 'say'; readonly bytes: Buffer }
  | { readonly do: 'echo' }
  | { readonly do: 'end' | 'reset' | 'silence' };

const line = fc.constantFrom(
  '+OK',
  '+OK ready <1.2@host>',
  '+OK 3 1200',
  '+OK\r\nUSER\r\nUIDL\r\nTOP\r\nSASL PLAIN CRAM-MD5 SCRAM-SHA-256 XOAUTH2\r\n.',
  '+OK\r\n.',
  '+OK\r\n..x\r\n.',
  '-ERR',
  '-ERR [AUTH] no',
  '-ERR [SYS/TEMP] later',
  '-ERR [IN-USE] busy',
  '-ERR [LOGIN-DELAY] wait 5 minutes',
  '+ ',
  '+ PDEuMkBob3N0Pg==',
  '+ r=abc,s=QQ==,i=4096',
  '* OK IMAP4rev1',
  '220 smtp',
  'HTTP/1.1 400 Bad Request',
  '.',
  '',
);

/** A line with some of its bytes changed, doubled or gone, and with one of several ends. */
const mutated = fc
  .tuple(
    line,
    fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
    fc.constantFrom('\r\n', '\n', '', '\r', '\r\n\r\n'),
  )
  .map(([text, changes, end]) => {
    const bytes = Buffer.from(text + end, 'latin1');
    for (const [at, value] of changes) if (bytes.length > 0) bytes[at % bytes.length] = value;
    return bytes;
  });

const turn: fc.Arbitrary<Turn> = fc.oneof(
  { weight: 10, arbitrary: line.map((text) => ({ do: 'say' as const, bytes: Buffer.from(`${text}\r\n`, 'latin1') })) },
  { weight: 6, arbitrary: mutated.map((bytes) => ({ do: 'say' as const, bytes })) },
  {
    weight: 2,
    arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ do: 'say' as const, bytes: Buffer.from(bytes) })),
  },
  { weight: 2, arbitrary: fc.constant({ do: 'echo' as const }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom({ do: 'end' as const }, { do: 'reset' as const }, { do: 'silence' as const }),
  },
);

/** Mostly polite at first, so that conversations get far; what is left when the script ends. */
const script = fc.record({
  turns: fc.array(turn, { maxLength: 14 }),
  polite: fc.boolean(),
  after: fc.constantFrom<Turn>({ do: 'end' }, { do: 'say', bytes: Buffer.from('+OK 1 10\r\n') }, { do: 'echo' }),
  pieces: fc.boolean(),
  tls: fc.constantFrom('none' as const, 'none' as const, 'starttls' as const, 'tls' as const),
});

type Script = { readonly turns: readonly Turn[]; readonly after: Turn; readonly pieces: boolean };

const act = (turn: Turn, { pieces }: Script, socket: Socket, heard: string | null): void => {
  if (turn.do === 'end') socket.end();
  else if (turn.do === 'reset') socket.resetAndDestroy();
  else if (turn.do === 'echo') socket.write(`-ERR [AUTH] what do you mean by ${heard ?? ''}?\r\n`);
  else if (turn.do === 'say') {
    if (pieces) for (const byte of turn.bytes) socket.write(Buffer.of(byte));
    else socket.write(turn.bytes);
  }
};

/** Servers side by side: most of a conversation is waiting. */
const width = 25;
const servers: RawServer[] = [];
const scripts: Script[] = [];

beforeAll(async () => {
  for (let slot = 0; slot < width; slot += 1) {
    servers.push(
      await startRawServer((socket, heard, count) => {
        const current = scripts[slot];
        if (current !== undefined) act(current.turns[count] ?? current.after, current, socket, heard);
      }),
    );
  }
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

const forms = [secret, secret.trim(), Buffer.from(secret).toString('base64').replace(/=+$/, '')];
const deadlineMs = 150;
const greeting: Turn = { do: 'say', bytes: Buffer.from('+OK ready <1.2@host>\r\n') };

const holds = (report: CheckReport): void => {
  const shown = JSON.stringify(report);
  for (const form of forms) expect(shown).not.toContain(form);
  // A generous allowance for a busy machine; what must not happen is waiting for a server for ever.
  expect(report.ms).toBeLessThan(deadlineMs + 5_000);
  expect(report.failure === null).toBe(report.verdict !== 'failed');
  expect((report.failure?.serverText ?? '').length).toBeLessThanOrEqual(300);
  for (const { detail } of report.steps) expect((detail ?? '').length).toBeLessThanOrEqual(300);
};

describe('whatever a server says', () => {
  it(
    'a check settles in time, crashes nothing, tells no secret and leaves no connection',
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(script, { minLength: width, maxLength: width }), async (all) => {
          const reports = all.map(({ turns, polite, after, pieces, tls }, slot) => {
            scripts[slot] = { turns: polite ? [greeting, ...turns] : turns, after, pieces };
            return checkPop3({ port: servers[slot]?.port ?? 0, deadlineMs, tls });
          });
          for (const report of await Promise.all(reports)) holds(report);
          await Promise.all(servers.map((server) => server.idle()));
        }),
        { numRuns: Math.ceil(conversations / width) },
      );
    },
    Math.max(60_000, conversations * 100),
  );
});
