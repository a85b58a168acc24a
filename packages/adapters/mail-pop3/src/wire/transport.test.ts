import fc from 'fast-check';
import { isLeft, isRight } from 'fp-ts/lib/Either.js';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTransport, type TransportLimits } from './transport.ts';

/** Both ends of connections over loopback. */
const server = createServer();
beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => server.close());

const pair = async (limits?: TransportLimits) => {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const near = connect((server.address() as AddressInfo).port, '127.0.0.1');
  near.on('error', () => undefined);
  const [far] = await accepted;
  far.on('error', () => undefined);
  far.setNoDelay(true);
  return {
    far,
    transport: createTransport(near, limits),
    end: () => {
      near.destroy();
      far.destroy();
    },
  };
};
const never = new AbortController().signal;

/** Writes in pieces, each on its way before the next. */
const inPieces = async (socket: Socket, bytes: Buffer, cuts: readonly number[]): Promise<void> => {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  for (const [index, from] of edges.entries()) {
    const piece = bytes.subarray(from, edges[index + 1] ?? bytes.length);
    await new Promise((resolve) => socket.write(piece, resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
};

describe('POP3 lines', () => {
  it('mean the same however they are cut into packets', async () => {
    const lines = ['one', '..leading dot', '.', '', 'x.', '.x.', 'a.b'];
    const wire = Buffer.from(
      `+OK list\r\n${lines.map((line) => (line.startsWith('.') ? `.${line}` : line)).join('\r\n')}\r\n.\r\n`,
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat({ max: wire.length })), async (cuts) => {
        const { far, transport, end } = await pair();
        const sending = inPieces(far, wire, cuts);
        const answer = await transport.listing(['LIST'], never);
        await sending;
        end();
        expect(isRight(answer) && answer.right.lines.map(String)).toEqual(lines);
      }),
      { numRuns: 40 },
    );
  });

  it('may end with a line feed alone', async () => {
    const { far, transport, end } = await pair();
    far.write('+OK\nA\n.\n');
    const answer = await transport.listing(['CAPA'], never);
    expect(isRight(answer) && answer.right.lines.map(String)).toEqual(['A']);
    end();
  });

  it('are read in order when several come at once', async () => {
    const { far, transport, end } = await pair();
    far.write('+OK one\r\n-ERR [IN-USE] two\r\n');
    expect(await transport.greeting(never)).toMatchObject({ right: { ok: true, text: 'one' } });
    expect(await transport.command(['STAT'], never)).toMatchObject({
      right: { ok: false, code: 'IN-USE', text: 'two' },
    });
    end();
  });

  it('are given up when they have no end', async () => {
    const { far, transport, end } = await pair({ maxLineBytes: 100, maxAnswerBytes: 1_000 });
    far.write('+OK '.padEnd(1_000, 'x'));
    expect(await transport.greeting(never)).toMatchObject({ left: { _tag: 'Malformed' } });
    end();
  });

  it('are given up when there are too many', async () => {
    const { far, transport, end } = await pair({ maxLineBytes: 100, maxAnswerBytes: 1_000 });
    far.write(`+OK\r\n${'0123456789\r\n'.repeat(200)}.\r\n`);
    expect(await transport.listing(['UIDL'], never)).toMatchObject({ left: { _tag: 'Malformed' } });
    end();
  });

  it('stay in the network while nobody waits for them', async () => {
    const { far, transport, end } = await pair({ maxLineBytes: 100, maxAnswerBytes: 1_000 });
    far.write('+OK\r\n');
    expect(isRight(await transport.greeting(never))).toBe(true);
    // More than every buffer of the kernel holds: the peer is stopped, not the memory filled.
    const isTaken = await new Promise<boolean>((resolve) => {
      far.write(Buffer.alloc(64 * 1024 * 1024, 'x'), () => resolve(true));
      setTimeout(() => resolve(false), 200);
    });
    expect(isTaken).toBe(false);
    end();
  });

  it('tell a closed connection from a broken one and from giving up', async () => {
    const closed = await pair();
    closed.far.end();
    expect(await closed.transport.greeting(never)).toMatchObject({ left: { _tag: 'Ended', why: 'closed' } });
    closed.end();
    const reset = await pair();
    reset.far.resetAndDestroy();
    expect(await reset.transport.greeting(never)).toMatchObject({ left: { _tag: 'Ended', why: 'reset' } });
    reset.end();
    const given = await pair();
    expect(await given.transport.greeting(AbortSignal.abort())).toMatchObject({
      left: { _tag: 'Ended', why: 'aborted' },
    });
    given.end();
  });

  it('name the bytes that came before TLS could start', async () => {
    const { far, transport, end } = await pair();
    far.write('+OK begin\r\n+OK injected\r\n');
    expect(isRight(await transport.command(['STLS'], never))).toBe(true);
    expect(transport.release().toString()).toBe('+OK injected\r\n');
    end();
  });

  it('never carry a second command', async () => {
    const { far, transport, end } = await pair();
    const heard: Buffer[] = [];
    far.on('data', (chunk: Buffer) => heard.push(chunk));
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.constantFrom('\r', '\n', '\0', '\r\n'),
        fc.string(),
        async (before, evil, after) => {
          const refused = await transport.command(['USER', before + evil + after], never);
          expect(isLeft(refused) && refused.left._tag).toBe('UnsafeArgument');
        },
      ),
      { numRuns: 50 },
    );
    far.end();
    expect(isLeft(await transport.greeting(never))).toBe(true);
    expect(Buffer.concat(heard).length).toBe(0);
    end();
  });
});
