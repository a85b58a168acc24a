import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { PersonId } from '../../values/index.ts';
import type { VaultUnavailable } from './secret-vault.ts';

/**
 * Seals personal fields under the key of their person. Keys are loaded first (`prepare`), because encoding and
 * decoding of events is synchronous. A key is usable from when `prepare` resolves until that turn of the event loop
 * ends, unless the person is erased; after it, ask `isPrepared`. So name all persons of a batch in one call.
 */
export interface PersonalCipher {
  /** Makes the keys of these persons usable; creates (durably) those that do not exist, unless the person was erased. */
  readonly prepare: (persons: readonly PersonId[], missing: 'create' | 'leave') => TaskEither<VaultUnavailable, void>;
  /** True when `open` and `seal` can be called for this person without `prepare`. */
  readonly isPrepared: (person: PersonId) => boolean;
  /** `context` is bound in as additional data: the event's id and the field's name. Throws when not prepared. */
  readonly seal: (person: PersonId, context: string, text: string) => string;
  /**
   * null: the key is gone, the text is erased; or another vault sealed it, whose keys this one never had. Throws only
   * when the text was tampered with.
   */
  readonly open: (person: PersonId, context: string, sealed: string) => string | null;
  /** Deletes the key for ever. Everything sealed under it is unreadable from then on, in backups of the events too. */
  readonly erase: (person: PersonId) => TaskEither<VaultUnavailable, void>;
}

/** A keyed hash, so that an address can name a stream without being readable there. Same input, same output, for ever. */
export interface AddressDigest {
  readonly digest: (organizationId: string, text: string) => TaskEither<VaultUnavailable, string>;
}
