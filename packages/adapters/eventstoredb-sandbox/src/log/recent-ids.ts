interface Place {
  readonly stream: string;
  readonly revision: bigint;
}

/**
 * The ids committed lately. It alone decides whether an append without an exact revision is a repeat, it is bounded and
 * it does not outlive the process: that is why such appends double after a restart.
 */
export class RecentIds {
  readonly #limit: number;
  readonly #places = new Map<string, Place>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(id: string, stream: string, revision: bigint): void {
    this.#places.delete(id);
    this.#places.set(id, { stream, revision });
    if (this.#places.size <= this.#limit) return;
    const oldest = this.#places.keys().next();
    if (oldest.done !== true) this.#places.delete(oldest.value);
  }

  /** The revision at which this stream got the id; undefined when it is not remembered for this stream. */
  find(id: string, stream: string): bigint | undefined {
    const place = this.#places.get(id);
    return place?.stream === stream ? place.revision : undefined;
  }

  clear(): void {
    this.#places.clear();
  }
}
