/** Mailroom could not be opened. Says which part it was; whatever had been opened before is closed again. */
export class OpenFailure extends Error {
  readonly part: 'store' | 'views' | 'vault' | 'deployment';
  constructor(part: 'store' | 'views' | 'vault' | 'deployment', cause: unknown) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be reached';
    super(`The ${part} cannot be opened: ${reason}`, { cause });
    this.name = 'OpenFailure';
    this.part = part;
  }
}
