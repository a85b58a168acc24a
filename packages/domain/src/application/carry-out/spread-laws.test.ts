import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { RecordedEvent } from '../../kernel/event-store.ts';
import * as Mailbox from '../../mailbox/index.ts';
import type { Instruction } from '../../policies/index.ts';
import * as Profile from '../../profile/index.ts';
import { contextOf, organizationId, otherProfileId, profileId } from '../../testing/sample-mailbox.ts';
import { passes } from '../../testing/scripted-probe.ts';
import { createProfile, done, rules, type TestWorld, testWorld } from '../../testing/test-world.ts';
import { runsOf } from '../../testing/test-size.ts';
import { Host, Secret, UserName } from '../../values/index.ts';
import type { SecretOwner } from '../ports/index.ts';

// Edits of one profile, mailboxes that come and go, tests, and single steps of what the policies owe, in whatever
// order. Nobody reads and writes at once: who joins or asks for a test may have read the profile some edits ago.

const users = ['ada', 'grace', 'mary', 'rosa'] as const;

const user = fc.constantFrom(...users);
/** How many edits ago the profile was read. */
const ago = fc.oneof({ weight: 2, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(3) });
const which = fc.nat(20);
const direction = fc.constantFrom('incoming', 'outgoing');
const port = fc.constantFrom(10001, 10002, 10003);
const edit = fc.oneof(
  fc.record({
    type: fc.constant('host'),
    of: direction,
    host: fc.constantFrom('one.example.org', 'two.example.net'),
    secretsFollow: fc.boolean(),
  }),
  fc.record({ type: fc.constant('port'), of: direction, port }),
  fc.record({
    type: fc.constant('authentication'),
    of: direction,
    authentication: fc.constantFrom('autoDetect', 'basic'),
  }),
  fc.record({ type: fc.constant('setCredentials') }),
  fc.record({ type: fc.constant('clearCredentials') }),
  fc.record({ type: fc.constant('start'), hour: fc.nat(12) }),
);
type Edit = typeof edit extends fc.Arbitrary<infer Value> ? Value : never;

const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('edit'), edit }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('join'), user, ago }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('leave'), user, to: fc.constantFrom('other', 'none') }) },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('test'), user, ago }) },
  // One thing that is owed. `meanwhile`: when it is a check, the profile is edited while the server is asked.
  {
    weight: 6,
    arbitrary: fc.record({ type: fc.constant('carryOut'), which, meanwhile: fc.option(edit, { freq: 2 }) }),
  },
  // Something that was owed earlier: by a runner that is behind, or that was interrupted after it had done it.
  { weight: 1, arbitrary: fc.record({ type: fc.constant('again'), which }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** A profile with these mailboxes in service, another profile that nobody edits, and what is done to them. */
const inService = async (working: readonly string[]) => {
  const world = testWorld();
  const versions: Mailbox.ProfileFacts[] = [];
  const handedOut: Instruction[] = [];

  const profile = async (): Promise<Profile.Existing> => {
    const { state } = done(await world.repository.load(Profile.aggregate, Profile.streamOf(profileId))());
    if (state._tag !== 'Existing') throw new Error('there is no profile');
    return state;
  };
  const find = async (name: string): Promise<Mailbox.State> =>
    done(await world.repository.load(Mailbox.aggregate, Mailbox.streamOf(world.mailboxOf(name)))()).state;
  const readAgo = (edits: number): Mailbox.ProfileFacts => {
    const facts = versions.at(-1 - Math.min(edits, versions.length - 1));
    if (facts === undefined) throw new Error('there is no profile yet');
    return facts;
  };

  const commandOf = async (asked: Edit): Promise<Profile.Command> => {
    const about = { context: contextOf(), profileId };
    if (asked.type === 'clearCredentials') return { ...about, type: 'ClearProfileCredentials', channel: 'outgoing' };
    if (asked.type === 'setCredentials') {
      const secret = { id: 'account', version: (await profile()).secretVersions.outgoing + 1 };
      const owner: SecretOwner = { organizationId, kind: 'profile', ownerId: profileId, field: 'outgoing' };
      done(await world.vault.put(secret, owner, new Secret('of the account'))());
      const userName = UserName.orThrow('account');
      return { ...about, type: 'SetProfileCredentials', channel: 'outgoing', userName, secret, rules };
    }
    const { actor } = about.context;
    const change = {
      ...{ ...about, context: { ...about.context, actor: { ...actor, privileges: ['secrets.reuse'] as const } } },
      type: 'ChangeProfile' as const,
      connection: {},
      processing: {},
      letMailboxSecretsFollow: false,
      rules,
    };
    switch (asked.type) {
      case 'host':
        return {
          ...change,
          connection: { [asked.of]: { host: Host.orThrow(asked.host) } },
          letMailboxSecretsFollow: asked.secretsFollow,
        };
      case 'port':
        return { ...change, connection: { [asked.of]: { port: asked.port } } };
      case 'authentication':
        return { ...change, connection: { [asked.of]: { authentication: asked.authentication } } };
      case 'start':
        return { ...change, processing: { processEmailFrom: new Date(Date.UTC(2026, 0, 1, asked.hour)) } };
    }
  };
  const editProfile = async (asked: Edit): Promise<void> => {
    await world.do(Profile.aggregate, await commandOf(asked));
    versions.push(await world.facts());
  };

  const moveTo = async (name: string, target: Mailbox.ProfileFacts | null): Promise<void> => {
    await world.do(Mailbox.aggregate, {
      type: 'AssignMailboxProfile',
      context: contextOf(),
      mailboxId: world.mailboxOf(name),
      profile: target,
      secretMayFollow: true,
    });
  };

  const take = async (next: Step): Promise<void> => {
    switch (next.type) {
      case 'edit':
        return editProfile(next.edit);
      case 'join': {
        const known = readAgo(next.ago);
        if ((await find(next.user))._tag === 'Registered') return moveTo(next.user, known);
        await world.register(next.user, { profile: known });
        return;
      }
      case 'leave': {
        if ((await find(next.user))._tag !== 'Registered') return;
        return moveTo(next.user, next.to === 'none' ? null : await world.facts(otherProfileId));
      }
      case 'test': {
        const mailbox = await find(next.user);
        if (mailbox._tag !== 'Registered' || mailbox.profile === null || mailbox.test !== null) return;
        const isHere = mailbox.profile.profileId === profileId;
        const facts = isHere ? readAgo(next.ago) : await world.facts(otherProfileId);
        return world.test(next.user, `test ${handedOut.length} ${versions.length}`, { profile: facts });
      }
      case 'carryOut': {
        const owed = (await world.owed()).filter(({ intent }) => intent.due === null || intent.due <= world.now());
        const one = owed[next.which % owed.length]?.intent.instruction;
        if (one === undefined) return;
        let { meanwhile } = next;
        world.probe.answer(async () => {
          const asked = meanwhile;
          meanwhile = null;
          if (asked !== null) await editProfile(asked);
          return passes();
        });
        handedOut.push(one);
        done(await world.executor.carryOut(one)());
        world.probe.answer(passes);
        return;
      }
      case 'again': {
        const one = handedOut[next.which % handedOut.length];
        if (one !== undefined) done(await world.executor.carryOut(one)());
        return;
      }
    }
  };

  const host = Host.orThrow('mail.example.org');
  const connection: Profile.ConnectionInput = {
    incoming: { host },
    outgoing: { host, credentials: 'profile' },
    sameSettingsForOutgoing: false,
  };
  await world.do(Profile.aggregate, createProfile({ connection }));
  await world.do(Profile.aggregate, createProfile({ profileId: otherProfileId }));
  await editProfile({ type: 'setCredentials' });
  for (const name of working) {
    await world.register(name);
    await world.test(name, 'first');
  }
  await world.settle();
  return { world, take };
};

const historyOf = async (world: TestWorld, name: string): Promise<readonly RecordedEvent[]> => {
  const read = await world.store.readStream(Mailbox.streamOf(world.mailboxOf(name)))();
  return E.isRight(read) ? read.right : [];
};

/** What a mailbox knows of the profile, and with which configuration the channels were tested whose success counts. */
const knownBy = ({ profile, channels }: Mailbox.Registered, history: readonly RecordedEvent[]) => ({
  configuration: profile?.configuration,
  successes: (['incoming', 'outgoing'] as const)
    .filter((channel) => channels[channel].status === 'success' || channels[channel].enabled)
    .map((channel) => {
      const of = history.filter(({ type, data }) => type === 'ChannelTestSucceeded' && data['channel'] === channel);
      return of.at(-1)?.data['profileConfiguration'];
    }),
});

/** Events by which the profile reached into a mailbox that was not on it. */
const trespasses = (history: readonly RecordedEvent[]): readonly RecordedEvent[] => {
  let on: unknown = null;
  return history.filter(({ type, data }) => {
    if (type === 'MailboxRegistered' || type === 'MailboxProfileAssigned') on = data['profileId'];
    const isOfProfile = type === 'MailboxProfileChangeApplied' || data['reason'] === 'profileChanged';
    return isOfProfile && on !== profileId;
  });
};

test('when nothing is owed any more, an edit has reached every mailbox on the profile, and no other', () =>
  fc.assert(
    fc.asyncProperty(
      fc.subarray([...users]),
      fc.array(step, { maxLength: 30, size: 'max' }),
      async (working, steps) => {
        const { world, take } = await inService(working);
        for (const next of steps) await take(next);
        await world.settle();
        expect(await world.owed()).toEqual([]);

        const newest = await world.facts();
        for (const name of users) {
          const history = await historyOf(world, name);
          expect(trespasses(history)).toEqual([]);
          if (history.length === 0) continue;
          const mailbox = await world.mailbox(name);
          if (mailbox.profile?.profileId !== profileId) continue;
          const { configuration, successes } = knownBy(mailbox, history);
          expect(configuration).toBe(newest.configuration);
          for (const testedWith of successes) expect(testedWith).toBe(newest.configuration);
          const start = mailbox.profile.processEmailFrom?.getTime() ?? -Infinity;
          expect(start).toBeGreaterThanOrEqual(newest.processEmailFrom?.getTime() ?? -Infinity);
        }
      },
    ),
    { numRuns: runsOf({ small: 60, ci: 300, full: 3000 }) },
  ));
