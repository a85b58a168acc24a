import * as E from 'fp-ts/lib/Either.js';
import * as t from 'io-ts';
import { type CompiledCodec, compileCodec } from './compile-codec.ts';
import { describeErrors } from './decode-errors.ts';
import type { JsonObject } from './json.ts';
import { mismatch } from './mismatch.ts';
import { personalFieldsOf } from './personal.ts';

/** A fact as the domain sees it: what happened, and nothing about where it is stored. */
export interface DomainEvent<Type extends string = string, Data = unknown> {
  readonly type: Type;
  readonly data: Data;
}

/** An event as a store keeps it: plain JSON, and the version of the shape it was written in (1, 2, ...). */
export interface StoredData {
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: JsonObject;
}

/** Turns the JSON of schema version n into the JSON of version n + 1. */
export type Upcast = (data: JsonObject) => JsonObject;

/** One type of event: the codec of its newest data, and the upcasts of older ones. */
export interface EventDefinition<Type extends string, Data> {
  (data: Data): DomainEvent<Type, Data>;
  readonly type: Type;
  /** One more than the number of upcasts. */
  readonly schemaVersion: number;
  readonly codec: t.Type<Data, unknown>;
  readonly upcasts: readonly Upcast[];
  /** Fields that hold personal data of the person named by the field `personId`. */
  readonly personalFields: readonly string[];
}

/**
 * Declares one event: its name, its codec, and how older stored shapes become today's. The result is also the
 * constructor: `MailboxApproved({ mailboxId })`.
 *
 * Name and codec are a storage contract. Never rename; never change the meaning of a field. To change a shape, change
 * the codec and append the upcast from the previous one. No optional fields: absent is `null`.
 */
export const defineEvent = <Type extends string, Data>(
  type: Type,
  codec: t.Type<Data, unknown>,
  upcasts: readonly Upcast[] = [],
): EventDefinition<Type, Data> =>
  Object.assign((data: Data): DomainEvent<Type, Data> => ({ type, data }), {
    type,
    codec,
    upcasts,
    schemaVersion: upcasts.length + 1,
    personalFields: personalFieldsOf(codec),
  });

/** The event type that a definition, or a family of definitions, stands for. */
export type EventOf<T> =
  T extends EventDefinition<infer Type, infer Data>
    ? DomainEvent<Type, Data>
    : T extends EventFamily<infer Event>
      ? Event
      : never;

/** A stored event that this code cannot read: an operator's matter, never a user's. It names no value. */
export interface EventUndecodable {
  readonly _tag: 'EventUndecodable';
  readonly type: string;
  readonly schemaVersion: number;
  /** `newer`: written by newer code; stop and upgrade. `unknown`: not of this family. `broken`: does not fit its codec. */
  readonly reason: 'newer' | 'unknown' | 'broken';
  readonly problems: readonly string[];
}

/** A definition of any event, where its data do not matter. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the definitions of one family differ in Data
export type AnyEventDefinition = EventDefinition<string, any>;

/** The events that belong together, encoded and decoded by their type. */
export interface EventFamily<Event extends DomainEvent> {
  readonly types: readonly Event['type'][];
  readonly definitions: readonly AnyEventDefinition[];
  readonly encode: (event: Event) => StoredData;
  readonly decode: (stored: StoredData) => E.Either<EventUndecodable, Event>;
}

interface Member {
  readonly definition: AnyEventDefinition;
  readonly codec: CompiledCodec<unknown>;
}

/** All events of one aggregate (or of several, for a reader), with the two functions that cross the storage boundary. */
export const eventFamily = <const Definitions extends readonly AnyEventDefinition[]>(
  definitions: Definitions,
): EventFamily<EventOf<Definitions[number]>> => {
  type Event = EventOf<Definitions[number]>;
  const byType = new Map<string, Member>(
    definitions.map((definition) => [definition.type, { definition, codec: compileCodec(definition.codec) }]),
  );

  /** Events of one type often follow each other. */
  let last: Member | undefined;
  const memberOf = (type: string): Member | undefined =>
    last !== undefined && last.definition.type === type ? last : (last = byType.get(type));

  return {
    types: [...byType.keys()] as Event['type'][],
    definitions,

    encode: ({ type, data }) => {
      const member = byType.get(type);
      if (member === undefined) throw new Error(`Not an event of this family: ${type}`);
      const { definition, codec } = member;
      return { type, schemaVersion: definition.schemaVersion, data: codec.encode(data) as JsonObject };
    },

    decode: (stored) => {
      const member = memberOf(stored.type);
      if (member === undefined) return undecodable(stored, 'unknown', ['unknown event type']);
      const { definition, codec } = member;

      let { data } = stored;
      if (stored.schemaVersion !== definition.schemaVersion) {
        const upcast = toNewest(stored, definition);
        if (E.isLeft(upcast)) return upcast;
        data = upcast.right;
      }
      const fast = codec.fast(data);
      if (fast !== mismatch) return { _tag: 'Right', right: { type: stored.type, data: fast } as Event };
      const decoded = codec.decode(data);
      if (E.isRight(decoded)) return E.right({ type: stored.type, data: decoded.right } as Event);
      return undecodable(stored, 'broken', t.UnknownRecord.is(data) ? describeErrors(decoded.left) : [noObject]);
    },
  };
};

const noObject = 'data: expected an object';

const undecodable = (
  { type, schemaVersion }: StoredData,
  reason: EventUndecodable['reason'],
  problems: readonly string[],
): E.Either<EventUndecodable, never> => E.left({ _tag: 'EventUndecodable', type, schemaVersion, reason, problems });

/** The data in today's shape. */
const toNewest = (stored: StoredData, definition: AnyEventDefinition): E.Either<EventUndecodable, JsonObject> => {
  const { schemaVersion, data } = stored;
  const newest = definition.schemaVersion;
  if (schemaVersion > newest) return undecodable(stored, 'newer', [`schemaVersion: expected at most ${newest}`]);
  if (!(schemaVersion >= 1)) return undecodable(stored, 'broken', ['schemaVersion: expected a whole number from 1 up']);
  if (!t.UnknownRecord.is(data)) return undecodable(stored, 'broken', [noObject]);
  let current: JsonObject = data;
  for (const upcast of definition.upcasts.slice(schemaVersion - 1)) current = upcast(current);
  return E.right(current);
};
