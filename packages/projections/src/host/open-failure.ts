const names = {
  store: 'store',
  views: 'views',
  vault: 'vault',
  deployment: 'deployment',
  alertMail: 'alert mail',
} as const;

/** Mailroom could not be opened. Says which part it was; whatever had been opened before is closed again. */
export class OpenFailure extends Error {
  readonly part: keyof typeof names;
  constructor(part: keyof typeof names, cause: unknown) {
    const reason = cause instanceof Error ? cause.message : 'it cannot be reached';
    super(`The ${names[part]} cannot be opened: ${reason}`, { cause });
    this.name = 'OpenFailure';
    this.part = part;
  }
}
