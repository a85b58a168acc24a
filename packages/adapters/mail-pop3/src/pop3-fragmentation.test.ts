import type { CheckReport } from '@mailroom/domain';
import { startPop3Server } from '@mailroom/mail-sandbox';
import { describe, expect, it } from 'vitest';
import { address, checkPop3, secret } from './test-support/check-pop3.ts';
import { startRawServer } from './test-support/raw-server.ts';

/** What a report says, without its times. */
const said = ({ verdict, failure, steps }: CheckReport): unknown => ({
  verdict,
  kind: failure?.kind ?? null,
  text: failure?.serverText ?? null,
  steps: steps.map(({ step, status, detail }) => [step, status, step === 'connect' ? null : detail]),
});

/** A conversation of which every byte is a place to cut. */
const answers: Readonly<Record<string, string>> = {
  CAPA: '+OK\r\nUSER\r\nUIDL\r\nTOP\r\nSASL PLAIN\r\n.\r\n',
  AUTH: '+OK in\r\n',
  STAT: '+OK 2 320\r\n',
  UIDL: '+OK 1 uid-1\r\n',
  TOP: '+OK\r\nSubject: x\r\n..dot\r\n\r\n.\r\n',
  QUIT: '+OK bye\r\n',
};
const refusing = { ...answers, AUTH: '-ERR [AUTH] Authentication failed.\r\n' };

/** Serves the table; the bytes of one connection are cut at `cut`, and the rest comes a turn of the loop later. */
const serve = (table: Readonly<Record<string, string>>, cut: () => number) =>
  startRawServer((socket, line) => {
    const text = line === null ? '+OK ready\r\n' : (table[line.split(' ')[0] ?? ''] ?? '-ERR\r\n');
    const before = socket.bytesWritten;
    const at = Math.min(Math.max(cut() - before, 0), text.length);
    socket.write(text.slice(0, at));
    setImmediate(() => socket.write(text.slice(at)));
  });

describe('a conversation cut into packets', () => {
  it.each([
    ['accepted', answers],
    ['refused', refusing],
  ] as const)('gives the same verdict wherever it is cut (login %s)', async (_, table) => {
    let cut = 0;
    const server = await serve(table, () => cut);
    const whole = said(await checkPop3({ port: server.port }));
    const length = Object.values(table).join('').length + '+OK ready\r\n'.length;
    for (cut = 1; cut < length; cut += 1) expect(said(await checkPop3({ port: server.port }))).toEqual(whole);
    await server.close();
  });

  it.each([undefined, 'byte', { every: 7 }] as const)('gives the same verdict in packets of %j', async (split) => {
    const server = await startPop3Server({
      accounts: [{ userName: address, password: secret, address }],
      ...(split === undefined ? {} : { split }),
    });
    const report = await checkPop3({ port: server.port, mechanism: 'cram-md5' });
    expect(report).toMatchObject({ verdict: 'warning', failure: null });
    await server.close();
  });
});
