import * as E from 'fp-ts/lib/Either.js';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as Mailbox from '../mailbox/index.ts';
import * as Profile from '../profile/index.ts';
import { profileAccount } from '../testing/existing.ts';
import { contextOf, profileId, userName } from '../testing/sample-mailbox.ts';
import { createProfile, testWorld } from '../testing/test-world.ts';
import { runsOf } from '../testing/test-size.ts';
import { Host } from '../values/index.ts';

// Passwords of a profile and of a mailbox on it come and go while the days pass; the oracle knows what is in use.

const day = 86_400_000;
const holder = fc.constantFrom('profile', 'mailbox');
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('set'), holder, days: fc.option(fc.nat(60), { freq: 5 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('clear'), holder }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('place'), on: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('pass'), days: fc.integer({ min: 1, max: 20 }) }) },
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;
type Holder = 'profile' | 'mailbox';

/** A profile with an account of its own for incoming mail, and a mailbox on it. */
const world = async () => {
  const room = testWorld();
  const host = Host.orThrow('mail.example.org');
  const connection: Profile.ConnectionInput = {
    incoming: { host, credentials: 'profile' },
    outgoing: { host },
    sameSettingsForOutgoing: false,
  };
  await room.do(Profile.aggregate, createProfile({ connection }));
  await room.register('ada');
  const about = { mailboxId: room.mailboxOf('ada') };
  const versions = { profile: 0, mailbox: 1 };
  let placed = true;
  const profile = async () => (placed ? room.facts() : null);

  const set = async (of: Holder, expiresOn: Date | null): Promise<void> => {
    const version = (versions[of] += 1);
    if (of === 'profile') {
      const secret = { id: 'of the profile', version };
      await room.do(Profile.aggregate, { ...profileAccount('incoming'), secret, expiresOn });
      return;
    }
    await room.do(Mailbox.aggregate, {
      type: 'SetMailboxCredentials',
      context: contextOf(),
      ...about,
      userName,
      secret: { id: 'of the mailbox', version },
      expiresOn,
      profile: await profile(),
      insecureChannelAllowed: false,
    });
  };
  const clear = async (of: Holder): Promise<void> => {
    const context = contextOf();
    if (of === 'profile') {
      const command = { type: 'ClearProfileCredentials', context, profileId, channel: 'incoming' } as const;
      await room.do(Profile.aggregate, command);
    } else {
      const command = { type: 'ClearMailboxCredentials', context, ...about, reason: 'asked' } as const;
      await room.do(Mailbox.aggregate, { ...command, profile: await profile() });
    }
  };
  const place = async (on: boolean): Promise<void> => {
    placed = on;
    const command = { type: 'AssignMailboxProfile', context: contextOf(), ...about, secretMayFollow: true } as const;
    await room.do(Mailbox.aggregate, { ...command, profile: await profile() });
  };
  /** What was announced so far: of which of them, and when its password stops working. */
  const announced = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for await (const batch of room.store.readAll()) {
      if (E.isLeft(batch)) throw new Error(batch.left._tag);
      for (const { type, data } of batch.right) {
        if (!type.endsWith('ExpiryAnnounced')) continue;
        const expiresOn = new Date(data['expiresOn'] as string).toISOString();
        found.push(`${type.startsWith('Profile') ? 'profile' : 'mailbox'} ${expiresOn}`);
      }
    }
    return found.sort();
  };
  return { room, set, clear, place, announced };
};

test('whatever comes: each password in use is announced once, two weeks before it stops working, and no other', () =>
  fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25, size: 'max' }), async (steps: readonly Step[]) => {
      const { room, set, clear, place, announced } = await world();
      const inUse: Record<Holder, { readonly expiresOn: Date; told: boolean } | null> = {
        profile: null,
        mailbox: null,
      };
      const expected: string[] = [];
      let isPlaced = true;

      for (const next of steps) {
        switch (next.type) {
          case 'set': {
            const expiresOn = next.days === null ? null : new Date(room.now().getTime() + next.days * day);
            await set(next.holder, expiresOn);
            inUse[next.holder] = expiresOn === null ? null : { expiresOn, told: false };
            break;
          }
          case 'clear':
            await clear(next.holder);
            inUse[next.holder] = null;
            break;
          case 'place':
            await place(next.on);
            isPlaced = next.on;
            break;
          case 'pass':
            room.pass(next.days * 86_400);
            break;
        }
        for (const of of ['profile', 'mailbox'] as const) {
          const one = inUse[of];
          if (one === null || one.told || (of === 'mailbox' && !isPlaced)) continue;
          if (one.expiresOn.getTime() - room.now().getTime() > 14 * day) continue;
          one.told = true;
          expected.push(`${of} ${one.expiresOn.toISOString()}`);
        }
        await room.settle();
        expect(await announced()).toEqual([...expected].sort());
      }
    }),
    { numRuns: runsOf({ small: 40, ci: 200, full: 2000 }) },
  ));

test('nothing more is owed for the passwords of a profile that is gone', async () => {
  const { room, set } = await world();
  await set('profile', new Date(room.now().getTime() + 30 * day));
  await room.settle();
  expect(await room.owed()).toMatchObject([{ intent: { due: new Date(room.now().getTime() + 16 * day) } }]);
  await room.do(Profile.aggregate, {
    type: 'DeleteProfile',
    context: contextOf(),
    profileId,
    force: true,
    mailboxes: 1,
    isDefault: false,
  });
  await room.settle();
  expect(await room.owed()).toEqual([]);
});
