import { authenticationKinds } from './authentication.ts';
import { controlKinds } from './control.ts';
import type { KindOfFailure } from './kind-of-failure.ts';
import { networkKinds } from './network.ts';
import { policyKinds } from './policy.ts';
import { protocolKinds } from './protocol.ts';
import { readingKinds } from './reading.ts';
import { sendingKinds } from './sending.ts';
import { sessionKinds } from './session.ts';
import { tlsKinds } from './tls.ts';

const table = {
  ...policyKinds,
  ...networkKinds,
  ...protocolKinds,
  ...tlsKinds,
  ...authenticationKinds,
  ...sessionKinds,
  ...readingKinds,
  ...sendingKinds,
  ...controlKinds,
} as const satisfies Readonly<Record<string, KindOfFailure>>;

/** The name of a kind of failure. Names are a contract: they stand in events, alerts and outputs. */
export type FailureKind = keyof typeof table;

/** Every kind of failure that a check can end with, as data. */
export const failureTaxonomy: Readonly<Record<FailureKind, KindOfFailure>> = table;

/** The names of all kinds, in the order of the table. */
export const failureKinds = Object.keys(table) as readonly FailureKind[];

/** Whether a text, such as one from a stored event, names a kind that this version knows. */
export const isFailureKind = (text: string): text is FailureKind => Object.hasOwn(table, text);

/** What a kind means by itself. A classifier may say more precisely, in `failure`. */
export const kindOf = (kind: FailureKind): KindOfFailure => table[kind];
