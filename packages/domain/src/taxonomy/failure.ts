import type { Text } from '../kernel/text.ts';
import type { Disposition, FailureField, Phase, Scope } from './kind-of-failure.ts';
import type { FailureKind } from './kinds.ts';

/** What went wrong in a check, after classification. */
export interface Failure<Kind extends FailureKind = FailureKind> {
  readonly kind: Kind;
  readonly phase: Phase;
  readonly disposition: Disposition;
  readonly scope: Scope;
  readonly field: FailureField | null;
  readonly advice: Text;
  /** A server's own hint, when it gave one. */
  readonly retryAfterSeconds: number | null;
  /** What the server said: capped at 300 characters, stripped, redacted; null when it said nothing or may not be shown. */
  readonly serverText: string | null;
}
