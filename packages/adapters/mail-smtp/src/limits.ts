/** Limits of the steps of a check, in milliseconds. Servers delay greetings and the refusal of a login on purpose. */
export interface SmtpLimits {
  readonly greetingMs: number;
  readonly commandMs: number;
  readonly loginMs: number;
}

export const defaultSmtpLimits: SmtpLimits = { greetingMs: 20_000, commandMs: 15_000, loginMs: 30_000 };
