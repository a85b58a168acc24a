/** A bounded number of places, given out in the order of asking. */
export class Places {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(count: number) {
    this.#free = count;
  }

  /** True when somebody could have a place without waiting. */
  get hasRoom(): boolean {
    return this.#free > 0;
  }

  /** A place that is free now, as its release, which may be called more than once; undefined when there is none. */
  takeNow(): (() => void) | undefined {
    if (this.#free === 0) return undefined;
    this.#free -= 1;
    return this.#release();
  }

  /** Resolves with the place's release. */
  async take(): Promise<() => void> {
    const now = this.takeNow();
    if (now !== undefined) return now;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return this.#release();
  }

  #release(): () => void {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    };
  }
}
