import { createMessageStore, type RunningServer, startPop3Server } from '@mailroom/mail-sandbox';
import * as E from 'fp-ts/lib/Either.js';
import { connect, type Socket } from 'node:net';
import NodePop3 from 'node-pop3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { address, secret } from './test-support/check-pop3.ts';
import { type Pop3Commands, pop3Commands } from './wire/commands.ts';
import { createTransport } from './wire/transport.ts';

const password = secret.trim();
let server: RunningServer;
let socket: Socket;
let ours: Pop3Commands;
let theirs: NodePop3;

const right = <T>(result: E.Either<unknown, T>): T => {
  if (E.isLeft(result)) throw new Error('refused');
  return result.right;
};

beforeAll(async () => {
  const store = createMessageStore();
  store.deliver(address, 'Subject: One\r\n\r\nHello\r\nworld.\r\n');
  store.deliver(address, 'Subject: Two\r\nX-Long: yes\r\n\r\nThe second\r\n\r\nhas more lines\r\nthan the first.\r\n');
  server = await startPop3Server({ accounts: [{ userName: address, password, address }], store });
  socket = connect(server.port, '127.0.0.1');
  const transport = createTransport(socket);
  const { signal } = new AbortController();
  right(await transport.greeting(signal));
  right(await transport.command(['USER', address], signal));
  right(await transport.command(['PASS', password], signal));
  ours = pop3Commands(transport, signal);
  theirs = new NodePop3({ user: address, password, host: '127.0.0.1', port: server.port });
});
afterAll(async () => {
  await theirs.QUIT();
  right(await ours.QUIT());
  socket.destroy();
  await server.close();
});

/** They end a text with the line end of its last line or without it; that is all they may differ in. */
const trimmed = (text: string): string => text.replace(/(\r\n)+$/, '');

describe('the commands, against node-pop3 on the same maildrop', () => {
  it('STAT', async () => {
    expect(right(await ours.STAT())).toBe(await theirs.STAT());
  });
  it('LIST and UIDL of all messages', async () => {
    expect(right(await ours.LIST())).toEqual(await theirs.LIST());
    expect(right(await ours.UIDL())).toEqual(await theirs.UIDL());
  });
  it('LIST and UIDL of one message', async () => {
    expect(right(await ours.LIST(2))).toEqual(await theirs.LIST(2));
    expect(right(await ours.UIDL(2))).toEqual(await theirs.UIDL(2));
  });
  it.each([1, 2])('RETR and TOP of message %i', async (message) => {
    expect(trimmed(right(await ours.RETR(message)))).toBe(trimmed(await theirs.RETR(message)));
    expect(trimmed(right(await ours.TOP(message, 1)))).toBe(trimmed(await theirs.TOP(message, 1)));
  });
  it('DELE and RSET', async () => {
    expect(right(await ours.DELE(1))).toBe(await theirs.DELE(1));
    expect(right(await ours.STAT())).toMatch(/^1 /);
    expect(right(await ours.RSET())).toBe(await theirs.RSET());
    expect(right(await ours.STAT())).toMatch(/^2 /);
  });
  it('NOOP', async () => {
    await theirs.NOOP();
    expect(E.isRight(await ours.NOOP())).toBe(true);
  });
  it('a message that does not exist', async () => {
    expect(await ours.RETR(9)).toMatchObject({ left: { _tag: 'Refused', command: 'RETR' } });
    await expect(theirs.RETR(9)).rejects.toThrow();
  });
});
