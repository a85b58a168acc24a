import * as E from 'fp-ts/lib/Either.js';
import { describe, expect, test } from 'vitest';
import { failure } from '../../taxonomy/index.ts';
import { EmailAddress } from '../../values/index.ts';
import { roundTrip, type RoundTripOptions } from './round-trip.ts';

interface Said {
  readonly failure: { readonly kind: string } | null;
  readonly warnings: readonly { readonly kind: string }[];
}
type Answer = E.Either<'stop', Said>;

const works = (...warnings: readonly string[]): Answer =>
  E.right({ failure: null, warnings: warnings.map((kind) => ({ kind })) });
const says = (kind: string): Answer => E.right({ failure: { kind }, warnings: [] });
const notThere = says('TestMessageNotFound');
const stop: Answer = E.left('stop');
const saidBy = (answer: Answer): Said | null => (E.isRight(answer) ? answer.right : null);

/** A round trip in which the looks into the mailbox answer like this, in turn, the last one again and again. */
const trip = async (
  looks: readonly Answer[],
  send: Answer = works(),
  given: { readonly patienceMs?: number; readonly signal?: AbortSignal; readonly sendingMs?: number } = {},
) => {
  let now = 1_000_000;
  const asked: (readonly ['look' | 'send', RoundTripOptions['testMessage']])[] = [];
  const pauses: number[] = [];
  let look = 0;
  const report = await roundTrip<'stop', Said>({
    address: EmailAddress.orThrow('ada@mail.example.org'),
    uniqueId: 'test-1',
    send: async ({ testMessage }) => {
      asked.push(['send', testMessage]);
      now += given.sendingMs ?? 0;
      return send;
    },
    look: async ({ testMessage, onMark }) => {
      asked.push(['look', testMessage]);
      onMark?.('mark-7');
      return looks[Math.min(look++, looks.length - 1)] ?? stop;
    },
    signal: given.signal,
    ...(given.patienceMs === undefined ? {} : { patienceMs: given.patienceMs }),
    pause: async (ms) => {
      pauses.push(ms);
      now += ms;
    },
    now: () => now,
  });
  return { report, asked, pauses, order: asked.map(([what]) => what).join(' ') };
};
const subject = 'Mailroom test test-1';
const delivered = { verdict: 'passed', failure: null, warnings: [], subject, sent: saidBy(works()), ms: 0 };

describe('a message to oneself', () => {
  test('is looked for, sent and found: by its id, and by how the mailbox was marked before', async () => {
    const { report, asked, order } = await trip([notThere, works()]);
    const message = { messageId: 'test-1.mailroom@mail.example.org', subject };
    expect(order).toBe('look send look');
    expect(asked.map(([, given]) => given)).toEqual([
      { ...message, mark: null },
      { ...message, mark: 'mark-7' },
      { ...message, mark: 'mark-7' },
    ]);
    expect(report).toEqual(E.right({ ...delivered, found: saidBy(works()) }));
  });

  test('that is there already is not sent again', async () => {
    const { report, order } = await trip([works()]);
    expect(order).toBe('look');
    expect(report).toEqual(E.right({ ...delivered, sent: null, found: saidBy(works()) }));
  });

  test('is not sent where nobody can look for it', async () => {
    const { report, order } = await trip([says('MailboxNotFound')]);
    expect(order).toBe('look');
    const found = saidBy(says('MailboxNotFound'));
    expect(report).toEqual(E.right({ ...delivered, verdict: 'failed', failure: found?.failure, sent: null, found }));
  });

  test('that is refused is not waited for', async () => {
    const { report, order } = await trip([notThere], says('ContentRejected'));
    expect(order).toBe('look send');
    const sent = saidBy(says('ContentRejected'));
    const found = saidBy(notThere);
    expect(report).toEqual(E.right({ ...delivered, verdict: 'failed', failure: sent?.failure, sent, found }));
  });

  test.each(['TestMessageNotFound', 'TestMessageTakenByFetcher'])('is looked for again after %s', async (kind) => {
    const { order } = await trip([says(kind), says(kind), works()]);
    expect(order).toBe('look send look look');
  });

  test('is not looked for again after any other failure', async () => {
    const { report, order } = await trip([notThere, says('ConnectionReset')]);
    expect(order).toBe('look send look');
    expect(report).toMatchObject({ right: { verdict: 'failed', failure: { kind: 'ConnectionReset' } } });
  });

  test('has no outcome when it is stopped, whenever that is', async () => {
    const ways = [trip([stop]), trip([notThere], stop), trip([notThere, stop]), trip([notThere, notThere, stop])];
    const ended = (await Promise.all(ways)).map(({ report, order }) => [report, order]);
    expect(ended).toEqual(['look', 'look send', 'look send look', 'look send look look'].map((order) => [stop, order]));
  });
});

describe('waiting for a message', () => {
  test('begins with short pauses, and goes on for two minutes', async () => {
    const { report, pauses } = await trip([notThere]);
    expect(pauses.slice(0, 7)).toEqual([500, 1000, 2000, 4000, 8000, 10_000, 10_000]);
    expect(pauses).toHaveLength(15);
    expect(report).toMatchObject({
      right: { verdict: 'failed', failure: { kind: 'TestMessageNotFound' }, warnings: [], ms: 115_500 },
    });
  });
  test('ends where another pause would be longer than anybody wants to wait', async () => {
    expect((await trip([notThere], works(), { patienceMs: 1500 })).pauses).toEqual([500, 1000]);
    expect((await trip([notThere], works(), { patienceMs: 1499 })).pauses).toEqual([500]);
  });
  test('ends when it is stopped from outside', async () => {
    const { pauses } = await trip([notThere], works(), { signal: AbortSignal.abort() });
    expect(pauses).toEqual([]);
  });
});

describe('a message that has arrived', () => {
  const about = ['TestMessageInJunk', 'TestMessageDelayed', 'SenderRewritten', 'CleanupFailed'];
  test('warns of what is about it, and not of what is about the mailbox', async () => {
    const { report } = await trip([notThere, works('CertificateExpiringSoon', ...about)]);
    expect(report).toMatchObject({ right: { verdict: 'warning', warnings: about.map((kind) => ({ kind })) } });
    const quiet = await trip([notThere, works('CertificateExpiringSoon')]);
    expect(quiet.report).toMatchObject({ right: { verdict: 'passed', warnings: [] } });
  });
  test.each([
    [60_000, null],
    [60_001, 1],
    [150_000, 3],
  ])('%i ms after it was sent was delayed by this many minutes: %s', async (sendingMs, minutes) => {
    const { report } = await trip([notThere, works()], works(), { sendingMs });
    const warnings = minutes === null ? [] : [failure('TestMessageDelayed', { minutes })];
    const verdict = minutes === null ? 'passed' : 'warning';
    expect(report).toEqual(E.right({ ...delivered, verdict, warnings, found: saidBy(works()), ms: sendingMs }));
  });
});
