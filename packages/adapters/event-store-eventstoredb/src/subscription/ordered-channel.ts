import type { Position, RecordedEvent } from '@mailroom/domain';

import type { OpenRead, ReadListener } from '../calls/read-call.ts';
import type { ReadAnswer, ServerRecord } from '../stored/answers.ts';
import { Recorder } from '../stored/decode.ts';

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

/** What a subscription brings, kept in the order of the log for a consumer that takes its time. */
export class OrderedChannel implements ReadListener {
  readonly #recorder = new Recorder();
  #source: Pick<OpenRead, 'pause' | 'resume'> | undefined;
  #entries: Entry[] = [];
  #first = 0;
  #last: Position | undefined;
  #confirmed = false;
  #paused = false;
  #isOver = false;
  #news = 0;
  #wake: () => void = () => undefined;

  constructor(after: Position | undefined) {
    this.#last = after;
  }

  /** What is told to wait while the consumer has too much before it. */
  fedBy(source: Pick<OpenRead, 'pause' | 'resume'>): void {
    this.#source = source;
  }

  readonly onAnswer = (answer: ReadAnswer): void => {
    switch (answer.is) {
      case 'event':
        this.#take(answer.event, answer.link);
        break;
      case 'checkpoint':
        this.#news += 1;
        this.#pass(answer.position);
        break;
      case 'caughtUp':
        this.#news += 1;
        this.#put({ is: 'caughtUp' });
        break;
      case 'confirmation':
        this.#confirmed = true;
        break;
      case 'noStream':
      case 'other':
        break;
    }
  };

  // A server that ends a subscription in peace has dropped it all the same.
  readonly onEnd = (): void => this.end(new Error('the server ended the subscription'));

  readonly onError = (error: unknown): void => this.end(error);

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
      this.#source?.resume();
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

  #take(record: ServerRecord | undefined, link: ServerRecord | undefined): void {
    this.#news += 1;
    const event = record === undefined ? undefined : this.#recorder.eventOf(record);
    const position = event?.position ?? (link ?? record)?.position;
    // After a reconnection a server might begin with what was there before.
    if (position !== undefined && (this.#last === undefined || position > this.#last)) {
      this.#last = position;
      if (event !== undefined) this.#put({ is: 'event', event });
    }
    if (!this.#paused && this.#entries.length - this.#first >= FULL) {
      this.#paused = true;
      this.#source?.pause();
    }
  }

  #pass(position: Position): void {
    if (this.#isOver || (this.#last !== undefined && position <= this.#last)) return;
    this.#last = position;
    const newest = this.#entries.length - 1;
    // Of several in a row the last says everything.
    if (newest >= this.#first && this.#entries[newest]?.is === 'checkpoint') this.#entries.pop();
    this.#put({ is: 'checkpoint', position });
  }

  #put(entry: Entry): void {
    if (this.#isOver) return;
    this.#entries.push(entry);
    this.#wake();
  }
}
