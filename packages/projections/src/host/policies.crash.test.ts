import type { RecordedEvent, ViewStore } from '@mailroom/domain';
import { runsOf } from '@mailroom/domain/testing';
import fc from 'fast-check';
import * as E from 'fp-ts/lib/Either.js';
import { expect, test } from 'vitest';
import type { AnyFold } from '../runner/definition.ts';
import { foldInto } from '../runner/fold-into.ts';
import { storedName } from '../runner/session.ts';
import { folds, live, type Lived, type Phase, users } from './test-support/lives.ts';

interface Result {
  readonly mailboxId: string;
  readonly testId: string;
  readonly channel: string;
}
const resultTypes: ReadonlySet<string> = new Set([
  'ChannelTestSucceeded',
  'ChannelTestFailed',
  'ChannelTestSuperseded',
]);

const eventsOf = async ({ world }: Lived): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  for await (const batch of world.store.readAll()) {
    if (E.isLeft(batch)) throw new Error(batch.left._tag);
    events.push(...batch.right);
  }
  return events;
};

const rowsOf = async (views: ViewStore, fold: AnyFold): Promise<ReadonlyMap<string, unknown>> => {
  const kept = new Map<string, unknown>();
  for await (const { rows } of views.scan({ name: storedName('view', fold.name), version: fold.version }))
    for (const [key, row] of rows) kept.set(key, row);
  return kept;
};

const countBy = <Item>(items: readonly Item[], keyOf: (item: Item) => string): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
};

/** What came of it for each mailbox. */
const outcomeOf = async ({ world }: Lived): Promise<unknown> => {
  const mailboxes = await Promise.all(users.map((user) => world.mailbox(user)));
  return mailboxes.map(({ channels, test: open }) => ({
    open,
    channels: Object.values(channels).map(({ status, enabled }) => ({ status, enabled })),
  }));
};

const check = async (lived: Lived): Promise<void> => {
  const { world, views, sent, crashes } = lived;
  const events = await eventsOf(lived);

  // Views equal a replay, and nothing is owed.
  for (const fold of folds) {
    const replayed = new Map<string, unknown>();
    expect(foldInto(fold, replayed, events)).toBeNull();
    expect(await rowsOf(views, fold)).toEqual(replayed);
  }
  expect(await world.owed()).toEqual([]);

  // Every command once: what it has written is one piece of one stream.
  const byCommand = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    const { commandId } = event.metadata;
    byCommand.set(commandId, [...(byCommand.get(commandId) ?? []), event]);
  }
  for (const [first, ...others] of byCommand.values())
    for (const [n, event] of others.entries())
      expect([event.stream, event.revision]).toEqual([first!.stream, first!.revision + n + 1]);
  // And every test has one result of each channel, and one end.
  const results = events.flatMap(({ type, data }) => (resultTypes.has(type) ? [data as unknown as Result] : []));
  for (const count of countBy(results, ({ testId, channel }) => `${testId}/${channel}`).values()) expect(count).toBe(1);
  const requested = events.filter(({ type }) => type === 'MailboxTestRequested').map(({ data }) => data['testId']);
  const completed = events.filter(({ type }) => type === 'MailboxTestCompleted').map(({ data }) => data['testId']);
  expect(completed.toSorted()).toEqual(requested.toSorted());

  // Every probe at least once, and at most once more for each crash.
  const wanted = countBy(results, ({ mailboxId, channel }) => `${mailboxId} ${channel}`);
  const probed = countBy(world.probe.asked, ({ target: { address, protocol } }) => {
    const mailboxId = world.mailboxOf(address.replace(/@.*/, ''));
    return `${mailboxId} ${protocol === 'smtp' ? 'outgoing' : 'incoming'}`;
  });
  expect([...probed.keys()].toSorted()).toEqual([...wanted.keys()].toSorted());
  for (const [channel, count] of wanted) {
    expect(probed.get(channel)).toBeGreaterThanOrEqual(count);
    expect(probed.get(channel)).toBeLessThanOrEqual(count + crashes);
  }

  // And every alert mail; one that is repeated is the same message. What is due is sent, or dropped as over: where one
  // test answers a moment after another, most mailboxes may fail for just that moment.
  const episodes = (type: string): readonly string[] =>
    events.filter((event) => event.type === type).map(({ data }) => data['episodeId'] as string);
  const [told, dropped] = [episodes('AlertMailSent'), episodes('AlertMailDropped')];
  expect([...told, ...dropped].toSorted()).toEqual(episodes('AlertMailDue').toSorted());
  for (const { type, data } of events) if (type === 'AlertMailDropped') expect(data).toMatchObject({ reason: 'over' });
  const copies = countBy(sent, ({ id }) => id);
  expect([...copies.keys()]).toEqual(expect.arrayContaining([...told]));
  expect([...told, ...dropped]).toEqual(expect.arrayContaining([...copies.keys()]));
  for (const count of copies.values()) expect(count).toBeLessThanOrEqual(1 + crashes);
  for (const mail of sent) expect(mail).toEqual(sent.find(({ id }) => id === mail.id));
};

const trouble = fc.constantFrom('none', 'InvalidCredentials', 'MailboxInUse', 'ConnectionRefused');
const phase: fc.Arbitrary<Phase> = fc.record({
  tested: fc.subarray([...users], { minLength: 1 }),
  trouble: fc.record({ grace: trouble, ada: trouble, mary: trouble }),
  minutes: fc.constantFrom(1, 12),
});

/** So far apart lie the awaits at which one story is ended. Each starts at another one: many end at every await. */
const stride = 30;

test('policies, checks and alert mail that die at any of their awaits leave what a process without deaths does', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(phase, { minLength: 1, maxLength: 2 }),
      fc.constantFrom('before', 'after'),
      fc.integer({ min: 1, max: stride }),
      fc.nat({ max: 200 }),
      async (story, when, first, second) => {
        const undisturbed = await live(story, [], when);
        await check(undisturbed);
        const outcome = await outcomeOf(undisturbed);
        for (let at = first; at <= undisturbed.steps; at += stride) {
          const lived = await live(story, [at, second + 1], when);
          await check(lived);
          expect(await outcomeOf(lived)).toEqual(outcome);
        }
      },
    ),
    { numRuns: runsOf({ small: 2, ci: 20, full: 1000 }) },
  );
}, 3_600_000);
