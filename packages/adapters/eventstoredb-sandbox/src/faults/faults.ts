import type { Refusal } from '../wire/refusals.ts';

/** The calls a server answers, as faults and tallies name them. A subscription is a read that does not end. */
export type CallName = 'append' | 'batchAppend' | 'delete' | 'tombstone' | 'read' | 'subscribe' | 'features' | 'gossip';

interface Moment {
  /** Appends, deletes, tombstones: the fault comes after the change was committed. Default: before. */
  readonly committed?: boolean;
  /** Reads and subscriptions: the fault comes after so many events were sent. Default: 0. */
  readonly afterEvents?: number;
}

/** What can go wrong with one call. */
export type Fault =
  /** The call stays open and gets no (further) answer. */
  | ({ readonly kind: 'stall' } & Moment)
  /** The answer comes late. While a committed write waits for it, a repeat of its events is answered by a timeout. */
  | ({ readonly kind: 'slow'; readonly ms: number } & Moment)
  /** The connection is cut, and with it every other call on it. */
  | ({ readonly kind: 'drop' } & Moment)
  /** The call ends well, without the answer it owes. */
  | ({ readonly kind: 'end' } & Moment)
  | ({ readonly kind: 'refuse'; readonly with: Refusal } & Moment)
  /** Batch appends: the answer comes twice, the second time as a timeout. */
  | { readonly kind: 'secondAnswer'; readonly afterMs?: number }
  /** Reads and subscriptions: one event, the one after so many, arrives with JSON that does not parse. */
  | { readonly kind: 'badJson'; readonly part: 'data' | 'metadata'; readonly afterEvents?: number }
  /** Subscriptions: accepted, but neither confirmed nor served. */
  | { readonly kind: 'unconfirmed' };

/** Which calls a fault meets. */
export interface Aim {
  /** How many calls it meets before it is used up. Default 1; `Infinity` for as long as it is not removed. */
  readonly times?: number;
  /** How many calls it lets pass first. Default 0. */
  readonly skip?: number;
  /** Only calls about this stream. */
  readonly stream?: string;
}

/** A fault that was ordered. */
export interface Injection {
  /** How many calls it has met. */
  readonly met: () => number;
  readonly remove: () => void;
}

interface Order {
  readonly call: CallName;
  readonly fault: Fault;
  readonly stream: string | undefined;
  left: number;
  skip: number;
  met: number;
}

/** The faults a test has ordered. For each call the oldest order that fits is taken. */
export class Faults {
  readonly #orders = new Set<Order>();

  /** Orders a fault for the next call of that name that fits. */
  inject(call: CallName, fault: Fault, aim: Aim = {}): Injection {
    const order: Order = {
      call,
      fault,
      stream: aim.stream,
      left: aim.times ?? 1,
      skip: aim.skip ?? 0,
      met: 0,
    };
    this.#orders.add(order);
    return { met: () => order.met, remove: () => this.#orders.delete(order) };
  }

  /** Forgets all orders; calls that already met a fault stay as they are. */
  clear(): void {
    this.#orders.clear();
  }

  /** The fault for a call that has just arrived, if any; counts it as met. */
  take(call: CallName, stream: string | undefined): Fault | undefined {
    for (const order of this.#orders) {
      if (order.call !== call || (order.stream !== undefined && order.stream !== stream)) continue;
      if (order.skip > 0) {
        order.skip -= 1;
        continue;
      }
      order.met += 1;
      order.left -= 1;
      if (order.left <= 0) this.#orders.delete(order);
      return order.fault;
    }
    return undefined;
  }
}
