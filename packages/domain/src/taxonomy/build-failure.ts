import { type AdviceParams, adviceFor } from './advice.ts';
import type { Failure } from './failure.ts';
import { type FailureKind, kindOf } from './kinds.ts';

/** What a classifier knows better than the table: some kinds pass on one server and stay on another. */
export type FailureOverrides = Partial<
  Pick<Failure, 'phase' | 'disposition' | 'scope' | 'field' | 'retryAfterSeconds' | 'serverText'>
>;

/**
 * A failure of this kind, with the table's disposition, scope and field unless `overrides` says otherwise.
 * `retryAfterSeconds` is never less than the kind itself asks for. `serverText` must have been redacted and capped.
 */
export const failure = <Kind extends FailureKind>(
  kind: Kind,
  params: AdviceParams = {},
  overrides: FailureOverrides = {},
): Failure<Kind> => {
  const { phase, disposition, scope, field, retryAfterSeconds: least } = kindOf(kind);
  const hint = overrides.retryAfterSeconds ?? null;
  return {
    kind,
    phase: overrides.phase ?? phase,
    disposition: overrides.disposition ?? disposition,
    scope: overrides.scope ?? scope,
    field: overrides.field === undefined ? field : overrides.field,
    advice: adviceFor(kind, params),
    retryAfterSeconds: hint === null ? (least ?? null) : Math.max(hint, least ?? 0),
    serverText: overrides.serverText ?? null,
  };
};
