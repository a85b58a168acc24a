import { randomUUID } from 'node:crypto';

import { isInsideRecord, resolve } from '../log/read.ts';
import { DELETED, type LogRecord } from '../log/records.ts';
import { caughtUpResponse, checkpointResponse, confirmationResponse } from '../wire/records.ts';
import type { ReadRequest } from '../wire/requests.ts';
import type { Context } from './context.ts';
import type { Sender } from './sender.ts';
import { sourceOf, type Source } from './subscription-source.ts';

/** Live events that may wait for a slow reader. */
const LIVE_BUFFER = 32;

/**
 * A subscription: everything after its start, then `caughtUp`, then what is committed, with checkpoints in between when
 * there is a filter. It ends only by a tombstone, a fault or, in 23.10, when the reader is too slow while live.
 */
export async function subscribe(context: Context, sender: Sender, request: ReadRequest): Promise<void> {
  if (sender.fault?.kind === 'unconfirmed') return;
  await sender.message(confirmationResponse(randomUUID()));
  if (request.stream === undefined && typeof request.from === 'bigint' && isInsideRecord(context.log, request.from)) {
    sender.refuse({ is: 'handlerThrew' });
    return;
  }
  await sender.meetFault();
  const subscription = new Subscription(context, sender, request);
  while (!sender.over) {
    await subscription.catchUpAndFollow();
    if (context.mode === '23.10') {
      sender.refuse({ is: 'consumerTooSlow' });
      return;
    }
  }
}

class Subscription {
  readonly #context: Context;
  readonly #sender: Sender;
  readonly #request: ReadRequest;
  readonly #source: Source;
  #considered = 0;

  constructor(context: Context, sender: Sender, request: ReadRequest) {
    this.#context = context;
    this.#sender = sender;
    this.#request = request;
    this.#source = sourceOf(context.log, request);
  }

  /** Sends what is there, then what is committed; resolves when the reader fell too far behind, or is gone. */
  async catchUpAndFollow(): Promise<void> {
    for (;;) {
      if (this.#sender.over) return;
      const record = this.#source.next();
      if (record === 'deleted') {
        this.#sender.refuse({ is: 'streamDeleted', stream: this.#request.stream ?? '' });
        return;
      }
      if (record !== undefined) await this.#deliver(record);
      // Called in the turn in which there was nothing more: no commit can slip in between.
      else if (this.#source.exists()) return this.#follow();
      else await this.#nextCommit();
    }
  }

  async #follow(): Promise<void> {
    const waiting: LogRecord[] = [];
    let fellBehind = false;
    const goesOn = (): boolean => !this.#sender.over && !fellBehind;
    let wake = (): void => undefined;
    const stop = this.#context.log.onCommit((commit) => {
      // Counted between commits: a single large one does not make a reader slow.
      if (waiting.filter((record) => this.#matches(record)).length > LIVE_BUFFER) fellBehind = true;
      waiting.push(...commit.filter((record) => this.#source.concerns(record)));
      wake();
    });
    const stopWatching = this.#sender.whenOver(() => wake());
    try {
      await this.#sender.message(caughtUpResponse());
      while (goesOn()) {
        const record = waiting.shift();
        if (record !== undefined) await this.#deliver(record);
        else await new Promise<void>((resume) => (wake = resume));
      }
    } finally {
      stop();
      stopWatching();
    }
  }

  #matches(record: LogRecord): boolean {
    return this.#request.filter?.matches(record) ?? true;
  }

  async #deliver(record: LogRecord): Promise<void> {
    this.#source.advance(record);
    this.#considered += 1;
    if (this.#matches(record)) {
      await this.#sender.event(resolve(this.#context.log, record, this.#request.resolveLinks));
    }
    if (record.revision === DELETED && this.#request.stream !== undefined) {
      this.#sender.refuse({ is: 'streamDeleted', stream: this.#request.stream });
      return;
    }
    const every = this.#request.filter?.checkpointEvery ?? 0;
    if (every > 0 && this.#considered % every === 0) await this.#sender.message(checkpointResponse(record.position));
  }

  async #nextCommit(): Promise<void> {
    await new Promise<void>((resume) => {
      const done = (): void => {
        stop();
        stopWatching();
        resume();
      };
      const stop = this.#context.log.onCommit(done);
      const stopWatching = this.#sender.whenOver(done);
    });
  }
}
