import { NO_STREAM, type AppendResult, type EventData, type EventStoreDBClient } from '@eventstore/db-client';
import type {
  Appended,
  AppendError,
  ExpectedRevision,
  JsonObject,
  NewEvent,
  Position,
  Revision,
  StoreError,
  StoreLimits,
  StreamName,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';

import { appendCall } from './calls/append-call.ts';
import type { Connection } from './calls/connection.ts';
import { classify, type Classified } from './calls/failures.ts';
import type { ConnectionTarget } from './connection-string.ts';
import type { Timing } from './options.ts';
import { head, readStream, type Reading } from './reading.ts';
import { encodeAppend, type EncodedEvent } from './stored/encode.ts';
import { positionOf } from './stored/position.ts';

/** What appends need. */
export interface Appending {
  readonly connection: Connection;
  readonly reading: Reading;
  readonly timing: Timing;
  readonly limits: StoreLimits;
  /** Undefined: by the stream that all appends of a client share. */
  readonly credentials: ConnectionTarget['credentials'];
}

/** The client's own timer should be first; ours catches what it lets hang. */
const GRACE_MS = 500;
/** Appends whose outcome is unknown are few; this many are remembered. */
const REMEMBERED = 10_000;

/** As the client takes it: it makes JSON of data itself. */
const forClient = ({ id, type, data, metadata }: EncodedEvent): EventData => ({
  id,
  type,
  contentType: 'application/json',
  data: JSON.parse(Buffer.from(data).toString('utf8')) as JsonObject,
  metadata,
});

/** Appends, one client for all; keeps apart what was written, what was there already, and what nobody knows. */
export class Appender {
  readonly #needs: Appending;
  readonly #underWay = new Map<string, Promise<unknown>>();
  readonly #uncertain = new Set<string>();
  #hasHeard = false;
  #hearing: Promise<E.Either<StoreError, unknown>> | undefined;

  constructor(needs: Appending) {
    this.#needs = needs;
  }

  async append(
    stream: StreamName,
    expected: ExpectedRevision,
    events: readonly NewEvent[],
  ): Promise<E.Either<AppendError, Appended>> {
    const encoded = encodeAppend(stream, expected, events, this.#needs.limits);
    if (E.isLeft(encoded)) return encoded;
    const key = `${stream} ${expected} ${events[0]?.id ?? ''}`;
    const before = this.#underWay.get(key);
    const appending = this.#inTurn(before, key, stream, expected, encoded.right);
    this.#underWay.set(key, appending);
    try {
      return await appending;
    } finally {
      if (this.#underWay.get(key) === appending) this.#underWay.delete(key);
    }
  }

  /** A repeat waits for the same append before it: what is still being written would be reported as a time-out. */
  async #inTurn(
    before: Promise<unknown> | undefined,
    key: string,
    stream: StreamName,
    expected: ExpectedRevision,
    events: readonly EncodedEvent[],
  ): Promise<E.Either<AppendError, Appended>> {
    if (before !== undefined) await before;
    // Whatever stands in the log before this append begins was not written by it. Asking is also the first call of a
    // client: a first call that is an append is what spoils a client for good while nobody can be reached.
    if (!this.#hasHeard || this.#uncertain.has(key)) {
      const heard = await (this.#hasHeard ? head(this.#needs.reading) : this.#hearOfLog());
      if (E.isLeft(heard)) return this.#notBegun(key, heard.left);
    }
    const newest = this.#needs.reading.newest.position;
    const result = await this.#send(stream, expected, events);
    if (E.isLeft(result)) return this.#failed(key, stream, expected, result.left);
    this.#uncertain.delete(key);
    return await this.#succeeded(stream, result.right, newest);
  }

  /** Once for all appends; again only when it failed. */
  async #hearOfLog(): Promise<E.Either<StoreError, unknown>> {
    this.#hearing ??= head(this.#needs.reading);
    const heard = await this.#hearing;
    if (E.isLeft(heard)) this.#hearing = undefined;
    else this.#hasHeard = true;
    return heard;
  }

  async #send(
    stream: StreamName,
    expected: ExpectedRevision,
    events: readonly EncodedEvent[],
  ): Promise<E.Either<Classified, AppendResult>> {
    const { connection, credentials, timing } = this.#needs;
    const expectedRevision = expected === 'noStream' ? NO_STREAM : BigInt(expected);
    const deadline = timing.appendMs;
    const send = (client: EventStoreDBClient): Promise<AppendResult> =>
      credentials === undefined
        ? client.appendToStream(stream, events.map(forClient), { expectedRevision, deadline, requiresLeader: true })
        : appendCall(client, { stream, expected: expectedRevision, events, credentials, deadline });
    try {
      const result = await connection.call('append', deadline + GRACE_MS, send);
      if (result.success) return E.right(result);
      // Only with throwOnAppendFailure=false in the connection string.
      const actual = result.nextExpectedRevision < 0n ? NO_STREAM : result.nextExpectedRevision;
      const cause = { type: 'wrong-expected-version', code: null, message: '' };
      return E.left({ failure: { is: 'wrongRevision', actual }, cause });
    } catch (error) {
      return E.left(classify(error));
    }
  }

  async #succeeded(
    stream: StreamName,
    { nextExpectedRevision, position: at }: AppendResult,
    newest: Position | null,
  ): Promise<E.Either<AppendError, Appended>> {
    const revision: Revision = Number(nextExpectedRevision);
    const position = at === undefined ? undefined : positionOf(at);
    if (position !== undefined && (newest === null || position > newest)) {
      this.#needs.reading.newest.note(position);
      return E.right({ revision, position, recordedAt: new Date(), repeated: false });
    }
    // Rare: the event is asked for what the answer does not tell.
    const found = await readStream(this.#needs.reading, stream, { from: revision, to: revision });
    const event = E.isRight(found) ? found.right[0] : undefined;
    const known = position ?? event?.position;
    if (known === undefined) return E.left({ _tag: 'OutcomeUnknown', cause: E.isLeft(found) ? found.left : null });
    return E.right({ revision, position: known, recordedAt: event?.recordedAt ?? new Date(), repeated: true });
  }

  #failed(
    key: string,
    stream: StreamName,
    expected: ExpectedRevision,
    { failure, cause }: Classified,
  ): E.Either<AppendError, never> {
    switch (failure.is) {
      case 'wrongRevision': {
        this.#uncertain.delete(key);
        const actual = failure.actual === NO_STREAM ? 'noStream' : Number(failure.actual);
        return E.left({ _tag: 'WrongExpectedRevision', stream, expected, actual });
      }
      case 'tooLarge':
        return E.left({ _tag: 'TooLarge', limit: 'maxAppendBytes', max: failure.max, actual: failure.max + 1 });
      case 'refused':
        return E.left({ _tag: 'StoreRefused', reason: failure.reason, problem: failure.problem });
      case 'notDone':
      case 'notLeader':
        return this.#notBegun(key, { _tag: 'StoreUnavailable', cause });
      case 'notFound':
      case 'threw':
      case 'unknown':
        if (this.#uncertain.size >= REMEMBERED) this.#uncertain.clear();
        this.#uncertain.add(key);
        return E.left({ _tag: 'OutcomeUnknown', cause });
    }
  }

  /** This try wrote nothing; an earlier one may have. */
  #notBegun(key: string, error: StoreError): E.Either<AppendError, never> {
    return this.#uncertain.has(key) ? E.left({ _tag: 'OutcomeUnknown', cause: error }) : E.left(error);
  }
}
