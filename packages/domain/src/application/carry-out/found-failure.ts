import * as E from 'fp-ts/lib/Either.js';
import type { FoundFailure } from '../../mailbox/index.ts';
import { type Failure, failure, type FailureKind } from '../../taxonomy/index.ts';
import { ServerText } from '../../values/index.ts';
import type { Outcome } from '../readiness/index.ts';

/** A server's words as they may be stored; null when nothing of them may be. */
const storable = (text: string | null): ServerText | null => {
  if (text === null) return null;
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
  const oneLine = text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim();
  const parsed = ServerText.from(oneLine.slice(0, 300));
  return E.isRight(parsed) ? parsed.right : null;
};

/** The failure of a check in the form in which a mailbox records it. */
export const foundFailure = (found: Failure): FoundFailure => ({
  kind: found.kind,
  phase: found.phase,
  disposition: found.disposition,
  scope: found.scope,
  field: found.field,
  adviceParams: found.advice.params,
  serverText: storable(found.serverText),
  retryAfterSeconds: found.retryAfterSeconds,
});

/** The failure that stands for a check that preflight stopped. */
export const failureOfOutcome = ({ kind, params, scope, field }: Outcome): FoundFailure =>
  foundFailure(failure(kind, params, { scope, field }));

/** What only concerns this mailbox although it is found while logging in. */
const ofMailboxAnyway: ReadonlySet<FailureKind> = new Set(['AuthorizationFailed', 'ProtocolDisabledForAccount']);

/**
 * With the profile's account, a login that is refused for good is refused to every mailbox of the profile. Not so when
 * the login name is made from the mailbox: then the mailbox may be the reason.
 */
export const scopedToAccount = (found: Failure, ofProfile: boolean, loginTemplate: string | null): Failure => {
  const concernsAccount =
    ofProfile &&
    loginTemplate === null &&
    found.scope === 'mailbox' &&
    found.disposition === 'permanent' &&
    (found.phase === 'auth' || found.phase === 'oauth') &&
    !ofMailboxAnyway.has(found.kind);
  return concernsAccount ? { ...found, scope: 'profile' } : found;
};
