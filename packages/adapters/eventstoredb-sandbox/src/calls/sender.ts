import type { ServerWritableStream } from '@grpc/grpc-js';

import type { Fault } from '../faults/faults.ts';
import type { ResolvedRecord } from '../log/read.ts';
import { eventBytes, eventResponse, type Outgoing } from '../wire/records.ts';
import { toStatus, type Refusal } from '../wire/refusals.ts';
import { endable, play, type Context } from './context.ts';
import type { streamsPb } from '../wire/protocol.ts';

export type ReadCall = ServerWritableStream<InstanceType<typeof streamsPb.ReadReq>, Outgoing>;

const BROKEN_JSON = Buffer.from('{"broken', 'utf8');

/** Sends the answers of a read or a subscription, waits while the reader is slow, and plays its fault at the right event. */
export class Sender {
  readonly #context: Context;
  readonly #call: ReadCall;
  readonly #fault: Fault | undefined;
  readonly #watchers = new Set<() => void>();
  #wake: () => void = () => undefined;
  #sentEvents = 0;
  #over = false;

  constructor(context: Context, call: ReadCall, fault: Fault | undefined) {
    this.#context = context;
    this.#call = call;
    this.#fault = fault;
    for (const event of ['cancelled', 'close', 'error']) call.once(event, () => this.#finish());
    call.on('drain', () => this.#wake());
    this.whenOver(endable(context, () => this.#fail({ is: 'shuttingDown' })));
  }

  /** The fault this call has met. */
  get fault(): Fault | undefined {
    return this.#fault;
  }

  /** True once nothing can be sent any more. */
  get over(): boolean {
    return this.#over || this.#call.cancelled;
  }

  /** Calls back once nothing can be sent any more, until the returned function is called. */
  whenOver(watcher: () => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Plays a fault whose moment has come. Call before the first event and after each one. */
  async meetFault(): Promise<void> {
    const fault = this.#fault;
    if (fault === undefined || this.over) return;
    if (('afterEvents' in fault ? (fault.afterEvents ?? 0) : 0) !== this.#sentEvents) return;
    const gone = await play(this.#context, fault, {
      peer: () => this.#call.getPeer(),
      refuse: (why) => this.refuse(why),
      end: () => this.end(),
    });
    if (gone) this.#finish();
  }

  /** Sends one event; resolves when the next may be sent. */
  async event(resolved: ResolvedRecord): Promise<void> {
    const sent = this.#spoilt(resolved);
    await this.message(
      sent.link === undefined && sent.event !== undefined ? eventBytes(sent.event) : eventResponse(sent),
    );
    this.#sentEvents += 1;
    await this.meetFault();
  }

  /** Sends a message that is no event; resolves when the next may be sent. */
  async message(response: Outgoing): Promise<void> {
    if (this.over || this.#call.write(response)) return;
    await new Promise<void>((resume) => {
      this.#wake = resume;
    });
  }

  refuse(why: Refusal): void {
    if (!this.over) this.#fail(why);
  }

  end(): void {
    if (this.over) return;
    this.#finish();
    this.#call.end();
  }

  #fail(why: Refusal): void {
    this.#finish();
    if (!this.#call.cancelled) this.#call.emit('error', toStatus(why));
  }

  #finish(): void {
    this.#over = true;
    this.#wake();
    for (const watcher of this.#watchers) watcher();
  }

  #spoilt(resolved: ResolvedRecord): ResolvedRecord {
    const fault = this.#fault;
    if (fault?.kind !== 'badJson' || (fault.afterEvents ?? 0) !== this.#sentEvents) return resolved;
    if (resolved.event === undefined) return resolved;
    return { ...resolved, event: { ...resolved.event, [fault.part]: BROKEN_JSON } };
  }
}
