import './abort-signal.ts';
import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { Branded } from './brand.ts';
import { brandedString } from './brand.ts';
import type { StoredData } from './events.ts';

/** `category-id`, ASCII, the category before the first `-` (as EventStoreDB's conventions expect). */
export const StreamName = brandedString(
  'StreamName',
  'category-id in printable ASCII, at most 250 characters',
  (text) => /^[A-Za-z][A-Za-z0-9]*-[\x21-\x7e]{1,240}$/.test(text) && text.length <= 250,
);
export type StreamName = Branded<'StreamName'>;

/** Place of an event in its stream: 0, 1, 2, ... without gaps. */
export type Revision = number;

/**
 * Place of an event in the whole store. Opaque; two positions of one store compare as strings (`<`), and the order is
 * the one in which events were committed. Grows, with gaps.
 */
export type Position = Branded<'Position'>;

/** What is known about an event besides what happened. Never holds anything a rule needs, nor anything personal. */
export interface Metadata {
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string;
  readonly actorId: string;
  readonly actorKind: 'person' | 'system';
  readonly organizationId: string;
  /** The command's name, for the audit trail. */
  readonly command: string;
  readonly traceparent?: string;
}

/** An event about to be appended. */
export interface NewEvent extends StoredData {
  /** UUID, lower case. Repeating an append with the same ids at the same revision is recognised. */
  readonly id: string;
  readonly metadata: Metadata;
}

/** An event as read back. */
export interface RecordedEvent extends NewEvent {
  readonly stream: StreamName;
  readonly revision: Revision;
  readonly position: Position;
  readonly recordedAt: Date;
}

/** Nothing is known to be written and it may pass: retry with patience. Reads fail with this too. */
export interface StoreUnavailable {
  readonly _tag: 'StoreUnavailable';
  readonly cause: unknown;
}

/** The store will not do it, however often it is asked: no access, a deleted stream, a name or id it cannot take. */
export interface StoreRefused {
  readonly _tag: 'StoreRefused';
  readonly reason: 'accessDenied' | 'streamDeleted' | 'invalid';
  readonly problem: string;
}

/** Somebody wrote first. Reload the delta, look for the own command id, decide again. Nothing was written. */
export interface WrongExpectedRevision {
  readonly _tag: 'WrongExpectedRevision';
  readonly stream: StreamName;
  readonly expected: ExpectedRevision;
  readonly actual: Revision | 'noStream' | 'unknown';
}

/** It may or may not have been written. Repeat the same ids at the same revision. */
export interface OutcomeUnknown {
  readonly _tag: 'OutcomeUnknown';
  readonly cause: unknown;
}

/** Above a limit that the store declares; nothing was written. */
export interface TooLarge {
  readonly _tag: 'TooLarge';
  readonly limit: keyof StoreLimits;
  readonly max: number;
  readonly actual: number;
}

/** Why a store did not answer: it may pass, or it will not. */
export type StoreError = StoreUnavailable | StoreRefused;
/** Why an append wrote nothing, or may have written. */
export type AppendError = StoreError | WrongExpectedRevision | OutcomeUnknown | TooLarge;

/** No stream yet, or exactly this last revision. There is no "any": after a restart it would write twice. */
export type ExpectedRevision = 'noStream' | Revision;

/** What a store takes in one append; above it the answer is `TooLarge`. */
export interface StoreLimits {
  /** Bytes of JSON of one event's data and metadata, in UTF-8. */
  readonly maxEventBytes: number;
  readonly maxAppendBytes: number;
  readonly maxAppendEvents: number;
}

/** What an append wrote, or had written before. */
export interface Appended {
  /** Revision of the last event of the append. */
  readonly revision: Revision;
  /** Position of the last event of the append. */
  readonly position: Position;
  /** When the store recorded it. */
  readonly recordedAt: Date;
  /** True when these very ids were already there: this append wrote nothing. */
  readonly repeated: boolean;
}

/** Which part of a stream to read, and in which direction; default: all of it, forwards. */
export interface ReadStreamOptions {
  /** Inclusive; default 0, or the end when reading backwards. */
  readonly from?: Revision;
  /** Inclusive. */
  readonly to?: Revision;
  readonly backwards?: boolean;
  readonly limit?: number;
}

/** Which part of the one global order to read; default: all of it. */
export interface ReadAllOptions {
  /** Exclusive; default from the start. */
  readonly after?: Position;
  /** Only these types; the store filters. */
  readonly types?: readonly string[];
  /** Stop after the first event beyond this position (inclusive end). */
  readonly upTo?: Position;
  readonly signal?: AbortSignal;
}

/** From where on a subscription tells of events, and of which. */
export interface SubscribeOptions {
  /** Exclusive. 'start': everything; 'end': only what comes from now on. */
  readonly after: Position | 'start' | 'end';
  readonly types?: readonly string[];
  /** Aborting ends the iteration and releases everything the subscription holds. */
  readonly signal: AbortSignal;
}

/** One ordered channel: a checkpoint can never overtake an event. */
export type SubscriptionItem =
  | { readonly _tag: 'Events'; readonly events: readonly [RecordedEvent, ...RecordedEvent[]] }
  /** Every matching event up to here has been delivered. */
  | { readonly _tag: 'Checkpoint'; readonly position: Position }
  /** The head as of the subscription's start has been reached; from here on items are live. Comes on an empty store too. */
  | { readonly _tag: 'CaughtUp' }
  /** The connection was lost and is being re-established, with patience; nothing is lost. */
  | { readonly _tag: 'Reconnecting'; readonly attempt: number; readonly cause: unknown };

/**
 * Where the history is kept. Every adapter passes `eventStoreLaws` (`@mailroom/domain/testing`).
 * Reads and subscriptions never throw; they yield a Left and end.
 */
export interface EventStore {
  readonly limits: StoreLimits;
  /** All of the events or none. Resolves once they are durable. `events` must not be empty. */
  readonly append: (
    stream: StreamName,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ) => TaskEither<AppendError, Appended>;
  /** A stream that does not exist reads as no events. */
  readonly readStream: (
    stream: StreamName,
    options?: ReadStreamOptions,
  ) => TaskEither<StoreError, readonly RecordedEvent[]>;
  /** Batches in global order, up to the head as of the start of the read. */
  readonly readAll: (
    options?: ReadAllOptions,
  ) => AsyncIterable<
    | { readonly _tag: 'Left'; readonly left: StoreError }
    | { readonly _tag: 'Right'; readonly right: readonly RecordedEvent[] }
  >;
  readonly subscribe: (
    options: SubscribeOptions,
  ) => AsyncIterable<
    { readonly _tag: 'Left'; readonly left: StoreError } | { readonly _tag: 'Right'; readonly right: SubscriptionItem }
  >;
  /** Position of the newest event; null when the store is empty. */
  readonly head: TaskEither<StoreError, Position | null>;
  /** Releases everything. Appends under way are finished first. */
  readonly close: () => Promise<void>;
}
