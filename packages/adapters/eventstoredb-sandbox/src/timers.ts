/** The waits of a node: they end with it, so that nothing is answered by a server that is gone. */
export class Timers {
  readonly #running = new Set<NodeJS.Timeout>();

  /** Resolves after so many milliseconds; never once the timers were cleared. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#running.delete(timer);
        resolve();
      }, ms);
      this.#running.add(timer);
    });
  }

  clear(): void {
    for (const timer of this.#running) clearTimeout(timer);
    this.#running.clear();
  }
}
