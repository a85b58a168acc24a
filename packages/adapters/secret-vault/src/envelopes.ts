import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecretOwner, SecretRef } from '@mailroom/domain';
import { createFile, deleteFile, hasCode, readIfThere, replaceFile, syncDirectory } from './files.ts';
import { parseRecord } from './sealed-key.ts';

/** A secret as it lies on the disk. */
export interface Envelope {
  readonly ref: SecretRef;
  readonly master: string;
  readonly wrapped: string;
  readonly sealed: string;
}

/** What the envelope of this reference is bound to: given again in full, or it does not open. */
export const bindingOf = (ref: SecretRef, owner: SecretOwner): string =>
  JSON.stringify([
    'mailroom secret',
    owner.organizationId,
    owner.kind,
    owner.ownerId,
    owner.field,
    ref.id,
    ref.version,
  ]);

/** Where the envelopes of a reference lie. References may hold any characters, file names may not. */
const slotOf = (ref: SecretRef): string =>
  createHash('sha256')
    .update(JSON.stringify([ref.id, ref.version]))
    .digest('hex');

const print = ({ ref, ...rest }: Envelope): string =>
  `${JSON.stringify({ format: 1, id: ref.id, version: String(ref.version), ...rest })}\n`;

const parse = (text: string): Envelope | null => {
  const record = parseRecord(text, ['id', 'version', 'master', 'wrapped', 'sealed']);
  if (record === null || !/^\d{1,16}$/.test(record.version)) return null;
  const { id, version, master, wrapped, sealed } = record;
  return { ref: { id, version: Number(version) }, master, wrapped, sealed };
};

/** Newest first. A name is the time of its `put` in milliseconds, so that a later `put` is the greater one. */
const newestFirst = (names: readonly string[]): readonly number[] =>
  names.flatMap((name) => (/^\d{1,15}$/.test(name) ? [Number(name)] : [])).sort((a, b) => b - a);

const generationsIn = async (slot: string): Promise<readonly number[]> => {
  try {
    return newestFirst(await readdir(slot));
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
};

/** What `read` gives, or null where there is nothing of this name. */
const ifThere = <A>(read: () => A): A | null => {
  try {
    return read();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
};

/**
 * The newest envelope in a slot, read at once: a small directory and a small file take a fraction of the five turns of the
 * thread pool that they would be worth otherwise, and every check of a mailbox begins with it.
 */
const newestNow = (slot: string): string | null => {
  for (;;) {
    const [generation] = newestFirst(ifThere(() => readdirSync(slot)) ?? []);
    if (generation === undefined) return null;
    const text = ifThere(() => readFileSync(join(slot, String(generation)), 'utf8'));
    // Replaced between the two calls: there is a newer one now, or none.
    if (text !== null) return text;
  }
};

export interface Envelopes {
  readonly write: (envelope: Envelope) => Promise<void>;
  /** null: there is none. `damaged`: there is one that is no envelope. */
  readonly read: (ref: SecretRef) => Promise<Envelope | 'damaged' | null>;
  readonly remove: (ref: SecretRef) => Promise<void>;
  /** Every envelope with the time of its `put`. */
  readonly list: () => AsyncIterable<{ readonly envelope: Envelope; readonly writtenAt: number }>;
  /** Replaces this envelope of that time, unless it has been replaced or removed meanwhile. */
  readonly replace: (envelope: Envelope, writtenAt: number) => Promise<void>;
}

/**
 * One directory a reference, and in it one file a `put`: readers take the newest, writers then delete the older ones.
 * So a rotation that rewrites a file can neither undo a `put` (its file is older) nor a removal (the directory is gone),
 * although processes do not lock each other out.
 */
export const envelopesIn = (directory: string, scratch: string): Envelopes => {
  const slotPath = (ref: SecretRef): string => join(directory, slotOf(ref));

  const deleteOlder = async (slot: string, than: number): Promise<void> => {
    for (const generation of await generationsIn(slot)) {
      if (generation < than) await deleteFile(join(slot, String(generation)));
    }
  };

  const newest = async (slot: string): Promise<{ text: string; generation: number } | null> => {
    for (;;) {
      const [generation] = await generationsIn(slot);
      if (generation === undefined) return null;
      const text = await readIfThere(join(slot, String(generation)));
      // Replaced between the two calls: there is a newer one now, or none.
      if (text !== null) return { text, generation };
    }
  };

  return {
    write: async (envelope) => {
      const slot = slotPath(envelope.ref);
      for (;;) {
        const made = await mkdir(slot, { recursive: true, mode: 0o700 });
        if (made !== undefined) await syncDirectory(directory);
        const [latest] = await generationsIn(slot);
        const generation = Math.max(Date.now(), (latest ?? 0) + 1);
        try {
          // Taken: another writer had the same millisecond. Gone: the reference was removed just now. Once more.
          if (!(await createFile(scratch, join(slot, String(generation)), print(envelope)))) continue;
        } catch (error) {
          if (hasCode(error, 'ENOENT')) continue;
          throw error;
        }
        await deleteOlder(slot, generation);
        return;
      }
    },
    read: async (ref) => {
      const found = newestNow(slotPath(ref));
      if (found === null) return null;
      const envelope = parse(found);
      if (envelope === null || envelope.ref.id !== ref.id || envelope.ref.version !== ref.version) return 'damaged';
      return envelope;
    },
    remove: async (ref) => {
      const discarded = join(scratch, `${randomUUID()}.tmp`);
      try {
        await rename(slotPath(ref), discarded);
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return;
        throw error;
      }
      await syncDirectory(directory);
      await rm(discarded, { recursive: true, force: true });
    },
    async *list() {
      for (const name of await readdir(directory)) {
        if (!/^[0-9a-f]{64}$/.test(name)) continue;
        const found = await newest(join(directory, name));
        const envelope = found === null ? null : parse(found.text);
        if (found !== null && envelope !== null) yield { envelope, writtenAt: found.generation };
      }
    },
    replace: async (envelope, writtenAt) => {
      const slot = slotPath(envelope.ref);
      try {
        await replaceFile(scratch, join(slot, String(writtenAt)), print(envelope));
      } catch (error) {
        if (hasCode(error, 'ENOENT')) return;
        throw error;
      }
      const [latest] = await generationsIn(slot);
      if (latest !== undefined) await deleteOlder(slot, latest);
    },
  };
};
