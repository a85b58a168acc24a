import type { AllStreamResolvedEvent, AllStreamSubscription, Position as ServerPosition } from '@eventstore/db-client';
import type { Position, RecordedEvent } from '@mailroom/domain';

import { positionIn, recordedFrom } from '../stored/decode.ts';
import { positionOf } from '../stored/position.ts';

/** What a channel gives, in the order of the log. */
export type ChannelItem =
  | { readonly is: 'events'; readonly events: readonly [RecordedEvent, ...RecordedEvent[]] }
  | { readonly is: 'checkpoint'; readonly position: Position }
  | { readonly is: 'caughtUp' }
  | { readonly is: 'ended'; readonly cause: unknown };

type Entry = { readonly is: 'event'; readonly event: RecordedEvent } | Exclude<ChannelItem, { readonly is: 'events' }>;

const BATCH = 500;
/** Events kept for a slow consumer before the client is told to wait, and how few there are when it may go on. */
const FULL = 2_000;
const ROOM = 500;

/**
 * One ordered channel out of what the client emits by three ways. It announces checkpoints and `caughtUp` while up to 16
 * events before them still wait in its buffer; here they wait until these have come out.
 */
export class OrderedChannel {
  readonly #subscription: AllStreamSubscription;
  #entries: Entry[] = [];
  #first = 0;
  #delivered = 0;
  readonly #marks: { readonly due: number; readonly entry: Entry }[] = [];
  #last: Position | undefined;
  #before: RecordedEvent | undefined;
  #confirmed = false;
  #paused = false;
  #isOver = false;
  #news = 0;
  #wake: () => void = () => undefined;

  /** Listens from the start: an error that nobody listens to would end the process. */
  constructor(subscription: AllStreamSubscription, after: Position | undefined) {
    this.#subscription = subscription;
    this.#last = after;
    subscription.on('error', (error: unknown) => this.end(error));
    // A server that ends a subscription in peace has dropped it all the same.
    subscription.on('end', () => this.end(new Error('the server ended the subscription')));
    subscription.on('close', () => this.end(new Error('the subscription was closed')));
    subscription.on('confirmation', () => {
      this.#confirmed = true;
    });
    subscription.on('caughtUp', () => this.#mark({ is: 'caughtUp' }));
    subscription.on('data', (resolved: AllStreamResolvedEvent) => this.#take(resolved));
  }

  /** True once the server has said that it took the subscription. */
  get confirmed(): boolean {
    return this.#confirmed;
  }

  /** Everything that matters up to here has been put into this channel. */
  get last(): Position | undefined {
    return this.#last;
  }

  /** Counts what came, so that silence can be told. */
  get news(): number {
    return this.#news;
  }

  /** True while the consumer, not the server, is what everything waits for. */
  get isHeldUp(): boolean {
    return this.#paused || this.#entries.length > this.#first;
  }

  /** To be passed to the subscription's filter. */
  checkpoint(position: ServerPosition): void {
    this.#mark({ is: 'checkpoint', position: positionOf(position) });
  }

  /** Ends the channel; what is in it is still given out before the end is. */
  end(cause: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#entries.push({ is: 'ended', cause });
    this.#wake();
  }

  /** The next item; events that have come together are given together. Only one caller at a time. */
  async next(): Promise<ChannelItem> {
    while (this.#first === this.#entries.length) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const item = this.#shift();
    if (this.#first > BATCH || this.#first === this.#entries.length) {
      this.#entries = this.#entries.slice(this.#first);
      this.#first = 0;
    }
    if (this.#paused && this.#entries.length - this.#first < ROOM) {
      this.#paused = false;
      this.#subscription.resume();
    }
    return item;
  }

  #shift(): ChannelItem {
    const entry = this.#entries[this.#first];
    if (entry === undefined) throw new Error('an empty channel has nothing to give');
    if (entry.is === 'ended') return entry;
    this.#first += 1;
    if (entry.is !== 'event') return entry;
    const events: [RecordedEvent, ...RecordedEvent[]] = [entry.event];
    while (events.length < BATCH) {
      const following = this.#entries[this.#first];
      if (following?.is !== 'event') break;
      events.push(following.event);
      this.#first += 1;
    }
    return { is: 'events', events };
  }

  #take(resolved: AllStreamResolvedEvent): void {
    this.#delivered += 1;
    this.#news += 1;
    const event = recordedFrom(resolved, this.#before);
    if (event !== undefined) this.#before = event;
    const position = event?.position ?? positionIn(resolved);
    // After a reconnection a server might begin with what was there before.
    if (position !== undefined && (this.#last === undefined || position > this.#last)) {
      this.#last = position;
      if (event !== undefined) this.#put({ is: 'event', event });
    }
    while ((this.#marks[0]?.due ?? Infinity) <= this.#delivered) {
      const mark = this.#marks.shift();
      if (mark !== undefined) this.#put(mark.entry);
    }
    if (!this.#paused && this.#entries.length - this.#first >= FULL) {
      this.#paused = true;
      this.#subscription.pause();
    }
  }

  /** Something that belongs behind the events that the client has taken in and not yet given out. */
  #mark(entry: Entry): void {
    this.#news += 1;
    const due = this.#delivered + this.#subscription.readableLength;
    if (due <= this.#delivered && this.#marks.length === 0) this.#put(entry);
    else this.#marks.push({ due, entry });
  }

  #put(entry: Entry): void {
    if (this.#isOver) return;
    if (entry.is === 'checkpoint') {
      if (this.#last !== undefined && entry.position <= this.#last) return;
      this.#last = entry.position;
      const newest = this.#entries.length - 1;
      // Of several in a row the last says everything.
      if (newest >= this.#first && this.#entries[newest]?.is === 'checkpoint') this.#entries.pop();
    }
    this.#entries.push(entry);
    this.#wake();
  }
}
