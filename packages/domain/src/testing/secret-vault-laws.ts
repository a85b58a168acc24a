import { inspect } from 'node:util';
import * as E from 'fp-ts/lib/Either.js';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AddressDigest, PersonalCipher, SecretOwner, SecretVault } from '../application/ports/index.ts';
import { PersonId, Secret, type SecretRef } from '../values/index.ts';

/** Everything a vault is to the rest of Mailroom. */
export type VaultPorts = SecretVault & PersonalCipher & AddressDigest;

/** A vault that the laws may fill, and ways to look at the same contents with other eyes. */
export interface VaultUnderTest {
  readonly vault: VaultPorts;
  /** Opens the same contents again, with nothing cached, while the first stays open: what another process sees. */
  readonly reopen: () => Promise<VaultPorts>;
  readonly dispose: () => Promise<void>;
}

const ada = PersonId.orThrow('6f2b7c1e-0000-4000-8000-00000000ada0');
const bob = PersonId.orThrow('6f2b7c1e-0000-4000-8000-00000000b0b0');

const owner: SecretOwner = { organizationId: 'org-1', kind: 'mailbox', ownerId: 'box-1', field: 'incoming' };
const ref: SecretRef = { id: 'box-1/incoming', version: 1 };

/** Each differs from `owner` in one thing that is bound into the envelope. */
const strangers: readonly SecretOwner[] = [
  { ...owner, organizationId: 'org-2' },
  { ...owner, kind: 'profile' },
  { ...owner, ownerId: 'box-2' },
  { ...owner, field: 'outgoing' },
  // The same letters, cut at another place.
  { ...owner, organizationId: 'org-1mailbox', ownerId: 'box-1' },
];

const text = fc.string({ unit: 'binary', maxLength: 200 });
const words = fc.string({ minLength: 1, maxLength: 60 });
const refs = fc.record({ id: words, version: fc.integer({ min: 1, max: 1_000_000 }) });

const right = async <L, A>(task: TaskEither<L, A>): Promise<A> => {
  const result = await task();
  if (E.isLeft(result)) throw new Error(`expected success, got ${inspect(result.left)}`);
  return result.right;
};

/**
 * What every vault has to keep: secrets come back exactly, for their owner only; what was removed or erased is gone for
 * everybody; a key that was erased is never made anew; nothing shows a secret. Call it at the top of a test file.
 */
export const secretVaultLaws = (name: string, open: () => Promise<VaultUnderTest>): void => {
  describe(`secret vault: ${name}`, () => {
    let at: VaultUnderTest;
    let vault: VaultPorts;
    beforeEach(async () => {
      at = await open();
      vault = at.vault;
    });
    afterEach(() => at.dispose());

    describe('secrets', () => {
      it('come back exactly as they were put, here and in another process', async () => {
        const other = await at.reopen();
        await fc.assert(
          fc.asyncProperty(refs, text, async (someRef, value) => {
            await right(vault.put(someRef, owner, new Secret(value)));
            expect((await right(vault.reveal(someRef, owner))).reveal()).toBe(value);
            expect((await right(other.reveal(someRef, owner))).reveal()).toBe(value);
          }),
          { numRuns: 25 },
        );
      });

      it('put again under the same reference replaces', async () => {
        await right(vault.put(ref, owner, new Secret('before')));
        await right(vault.put(ref, owner, new Secret('after')));
        expect((await right(vault.reveal(ref, owner))).reveal()).toBe('after');
        expect(await right(vault.references())).toEqual([ref]);
      });

      it('of two versions do not touch each other', async () => {
        await right(vault.put(ref, owner, new Secret('one')));
        await right(vault.put({ ...ref, version: 2 }, owner, new Secret('two')));
        await right(vault.remove(ref));
        expect((await right(vault.reveal({ ...ref, version: 2 }, owner))).reveal()).toBe('two');
        expect(await vault.reveal(ref, owner)()).toEqual(E.left({ _tag: 'SecretUnreadable', reason: 'missing' }));
      });

      it.each(strangers)('open for nobody else: %o', async (stranger) => {
        await right(vault.put(ref, owner, new Secret('ours')));
        expect(await vault.reveal(ref, stranger)()).toEqual(E.left({ _tag: 'SecretUnreadable', reason: 'damaged' }));
      });

      it('that are missing are reported as missing, and removing them is no error', async () => {
        expect(await vault.reveal(ref, owner)()).toEqual(E.left({ _tag: 'SecretUnreadable', reason: 'missing' }));
        await right(vault.remove(ref));
      });

      it('are gone for everybody once removed', async () => {
        const other = await at.reopen();
        await right(vault.put(ref, owner, new Secret('ours')));
        await right(other.reveal(ref, owner));
        await right(vault.remove(ref));
        expect(E.isLeft(await other.reveal(ref, owner)())).toBe(true);
        expect(await right(other.references())).toEqual([]);
      });

      it('are listed by reference, whatever characters the reference has', async () => {
        const unique = fc.uniqueArray(refs, { maxLength: 8, selector: (one) => `${one.id}#${one.version}` });
        await fc.assert(
          fc.asyncProperty(unique, async (many) => {
            await Promise.all(many.map((one) => right(vault.put(one, owner, new Secret('x')))));
            const listed = await right(vault.references());
            expect(new Set(listed.map((one) => JSON.stringify([one.id, one.version])))).toEqual(
              new Set(many.map((one) => JSON.stringify([one.id, one.version]))),
            );
            await Promise.all(many.map((one) => right(vault.remove(one))));
          }),
          { numRuns: 10 },
        );
      });

      it('put by many writers at once under one reference leave one of theirs', async () => {
        const values = Array.from({ length: 16 }, (_, index) => `value ${index}`);
        await Promise.all(values.map((value) => right(vault.put(ref, owner, new Secret(value)))));
        expect(values).toContain((await right(vault.reveal(ref, owner))).reveal());
        expect(await right(vault.references())).toEqual([ref]);
      });
    });

    describe('personal data', () => {
      it('opens what was sealed, here and in another process, and does not show it', async () => {
        const other = await at.reopen();
        await right(vault.prepare([ada], 'create'));
        await right(other.prepare([ada], 'leave'));
        fc.assert(
          fc.property(text, words, (value, context) => {
            const sealed = vault.seal(ada, context, value);
            expect(vault.open(ada, context, sealed)).toBe(value);
            expect(other.open(ada, context, sealed)).toBe(value);
          }),
        );
        const sealed = vault.seal(ada, 'event-1/address', 'ada@example.org');
        for (const shown of [sealed, Buffer.from(sealed, 'base64').toString('latin1')]) {
          expect(shown).not.toContain('ada@');
        }
        expect(vault.seal(ada, 'event-1/address', 'ada@example.org')).not.toBe(sealed);
      });

      it('refuses what was sealed for another field, for another person, or was changed', async () => {
        await right(vault.prepare([ada, bob], 'create'));
        const sealed = vault.seal(ada, 'event-1/address', 'ada@example.org');
        expect(() => vault.open(ada, 'event-1/name', sealed)).toThrow();
        expect(() => vault.open(bob, 'event-1/address', sealed)).toThrow();
        const middle = Math.floor(sealed.length / 2);
        const changed = `${sealed.slice(0, middle)}${sealed[middle] === 'A' ? 'B' : 'A'}${sealed.slice(middle + 1)}`;
        expect(() => vault.open(ada, 'event-1/address', changed)).toThrow();
        expect(() => vault.open(ada, 'event-1/address', '')).toThrow();
      });

      it('that another vault sealed reads as erased, although this one has a key for the person', async () => {
        const stranger = await open();
        await right(stranger.vault.prepare([ada], 'create'));
        const theirs = stranger.vault.seal(ada, 'context', 'text');
        await stranger.dispose();
        expect(vault.open(ada, 'context', theirs)).toBeNull();
        await right(vault.prepare([ada], 'create'));
        expect(vault.open(ada, 'context', theirs)).toBeNull();
      });

      it('cannot be sealed before the key was prepared', async () => {
        expect(vault.isPrepared(ada)).toBe(false);
        expect(() => vault.seal(ada, 'context', 'text')).toThrow();
        await right(vault.prepare([ada], 'leave'));
        expect(vault.isPrepared(ada)).toBe(false);
        await right(vault.prepare([ada], 'create'));
        expect(vault.isPrepared(ada)).toBe(true);
        expect((await at.reopen()).isPrepared(ada)).toBe(false);
      });

      it('has one key a person, however many ask for it at once', async () => {
        const vaults = [vault, ...(await Promise.all(Array.from({ length: 7 }, () => at.reopen())))];
        await Promise.all(vaults.map((one) => right(one.prepare([ada, bob, ada], 'create'))));
        const sealed = vaults.map((one) => one.seal(ada, 'context', 'text'));
        for (const one of vaults) {
          expect(sealed.map((each) => one.open(ada, 'context', each))).toEqual(sealed.map(() => 'text'));
        }
      });

      it('is gone for ever once the person is erased, and the key is not made anew', async () => {
        await right(vault.prepare([ada, bob], 'create'));
        const ofAda = vault.seal(ada, 'context', 'text');
        const ofBob = vault.seal(bob, 'context', 'text');
        await right(vault.erase(ada));
        await right(vault.erase(ada));
        for (const one of [vault, await at.reopen()]) {
          await right(one.prepare([ada, bob], 'create'));
          expect(one.open(ada, 'context', ofAda)).toBeNull();
          expect(() => one.seal(ada, 'context', 'text')).toThrow();
          expect(one.open(bob, 'context', ofBob)).toBe('text');
        }
      });

      it('of a person who never had a key stays without one after erasing', async () => {
        await right(vault.erase(ada));
        const other = await at.reopen();
        await right(other.prepare([ada], 'create'));
        expect(() => other.seal(ada, 'context', 'text')).toThrow();
      });

      it('erased while others ask for the key is erased for all of them', async () => {
        const other = await at.reopen();
        await Promise.all([right(vault.erase(ada)), right(other.prepare([ada], 'create'))]);
        const late = await at.reopen();
        await right(late.prepare([ada], 'create'));
        expect(() => late.seal(ada, 'context', 'text')).toThrow();
      });
    });

    describe('digests', () => {
      it('are the same for the same input for ever, and differ with the organization and the text', async () => {
        const other = await at.reopen();
        await fc.assert(
          fc.asyncProperty(words, words, words, async (organization, first, second) => {
            const digest = await right(vault.digest(organization, first));
            expect(await right(other.digest(organization, first))).toBe(digest);
            expect(digest).toMatch(/^[0-9a-f]{64}$/);
            if (first !== second) expect(await right(vault.digest(organization, second))).not.toBe(digest);
            expect(await right(vault.digest(`${organization}x`, first))).not.toBe(digest);
          }),
        );
      });

      it('are keyed: another vault gives others', async () => {
        const stranger = await open();
        const ours = await right(vault.digest('org-1', 'ada@example.org'));
        const theirs = await right(stranger.vault.digest('org-1', 'ada@example.org'));
        await stranger.dispose();
        expect(theirs).not.toBe(ours);
      });
    });

    it('shows no secret, whatever is asked and refused', async () => {
      const value = 'correct-horse-battery-staple';
      const results: unknown[] = [vault, at];
      results.push(await vault.put(ref, owner, new Secret(value))());
      for (const one of [owner, ...strangers]) results.push(await vault.reveal(ref, one)());
      results.push(await vault.references()());
      const shown = results.map((one) => `${inspect(one, { depth: 9, showHidden: true })} ${JSON.stringify(one)}`);
      expect(shown.join('\n')).not.toContain(value);
    });
  });
};
