import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import * as Mailbox from '../../mailbox/index.ts';
import * as Profile from '../../profile/index.ts';
import { fails, passes } from '../../testing/scripted-probe.ts';
import { createProfile, passwordOf, type TestWorld, testWorld } from '../../testing/test-world.ts';
import { Host, Secret } from '../../values/index.ts';
import type { TokenProvider, TokenRequest } from '../ports/index.ts';

const host = Host.orThrow('mail.example.org');
const byOAuth = createProfile({
  connection: { incoming: { host, credentials: 'oauth', authentication: 'oauth' }, outgoing: { host } },
});

type Answer = ReturnType<ReturnType<TokenProvider['accessToken']>>;

const worldWith = async (answer: (request: TokenRequest) => Awaited<Answer>) => {
  const requests: TokenRequest[] = [];
  const world = testWorld({}, undefined, {
    accessToken: (request) => async () => {
      requests.push(request);
      return answer(request);
    },
  });
  await world.do(Profile.aggregate, byOAuth);
  await world.register('ada');
  const run = async (): Promise<void> => {
    await world.test('ada', `test ${requests.length}`, { channels: ['incoming'] });
    await world.settle();
  };
  return { world, requests, run };
};

const incomingOf = async (world: TestWorld) => (await world.mailbox('ada')).channels.incoming;
/** The failure that was recorded last. */
const recorded = async ({ store, mailboxOf }: TestWorld): Promise<unknown> => {
  const read = await store.readStream(Mailbox.streamOf(mailboxOf('ada')))();
  return E.isRight(read) ? read.right.findLast(({ type }) => type === 'ChannelTestFailed')?.data : null;
};
const tokens = ({ probe }: TestWorld): readonly string[] =>
  probe.asked.map(({ credentials }) => credentials.secret.reveal());

test('the check logs in with a token that the provider gives for what the vault keeps', async () => {
  const { world, requests, run } = await worldWith(() => E.right(new Secret('token-1')));
  await run();
  expect(tokens(world)).toEqual(['token-1']);
  expect(world.probe.asked[0]?.credentials.kind).toBe('token');
  expect(requests).toMatchObject([{ userName: 'ada@example.org', protocol: 'imap', host, refused: false }]);
  expect(requests[0]?.grant.reveal()).toBe(passwordOf('ada'));
  expect(await incomingOf(world)).toMatchObject({ status: 'success', enabled: true });
});

test('a token that the server refuses is renewed once; what the server says then counts', async () => {
  const { world, requests, run } = await worldWith(({ refused }) => E.right(new Secret(refused ? 'new' : 'old')));
  world.probe.answer(({ credentials }) =>
    credentials.secret.reveal() === 'new' ? passes() : fails('OAuthTokenRejected', { phase: 'auth' }),
  );
  await run();
  expect(tokens(world)).toEqual(['old', 'new']);
  expect(await incomingOf(world)).toMatchObject({ status: 'success' });

  world.probe.answer(() => fails('OAuthTokenRejected', { phase: 'auth' }));
  await run();
  expect(tokens(world)).toEqual(['old', 'new', 'old', 'new']);
  expect(requests.map(({ refused }) => refused)).toEqual([false, true, false, true]);
  expect(await incomingOf(world)).toMatchObject({ status: 'failure' });
  expect(await recorded(world)).toMatchObject({ kind: 'OAuthTokenRejected' });
});

test('the same token again is not tried again', async () => {
  const { world, run } = await worldWith(() => E.right(new Secret('the same')));
  world.probe.answer(() => fails('OAuthTokenRejected', { phase: 'auth' }));
  await run();
  expect(tokens(world)).toEqual(['the same']);
});

test.each([
  [{ _tag: 'AccessWithdrawn' }, 'permanent'],
  [{ _tag: 'TokenUnavailable', cause: null }, 'transient'],
] as const)('without a token nothing is sent: %j', async (why, disposition) => {
  const { world, run } = await worldWith(() => E.left(why));
  await run();
  expect(world.probe.asked).toEqual([]);
  expect(await incomingOf(world)).toMatchObject({ status: 'failure' });
  expect(await recorded(world)).toMatchObject({
    kind: 'OAuthRefreshFailed',
    phase: 'oauth',
    disposition,
    scope: 'mailbox',
    field: 'secret',
  });
});
