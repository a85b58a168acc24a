import { type FailureKind, failureKinds } from '@mailroom/domain';
import type { Protocol } from '../behaviours/behaviour.ts';
import { scenarios } from '../scenarios/scenarios.ts';
import { clientScenarios } from './client-scenarios.ts';

const all: readonly Protocol[] = ['imap', 'pop3', 'smtp'];
const reading: readonly Protocol[] = ['imap', 'pop3'];

/** Kinds that cannot occur in every protocol, with those in which they can. */
const notInAll: Partial<Readonly<Record<FailureKind, readonly Protocol[]>>> = {
  AuthorizationFailed: all,
  ContactAdministrator: ['imap'],
  LoginDelay: ['pop3'],
  MailboxInUse: reading,
  ClientBug: ['imap', 'smtp'],
  MailboxNotFound: ['imap'],
  MailboxAccessDenied: ['imap'],
  ClientIdRequired: ['imap'],
  ListFailed: reading,
  UidlUnsupported: ['pop3'],
  TopUnsupported: ['pop3'],
  MailboxOverQuota: ['imap'],
  DeletePolicyConflict: ['pop3'],
  SenderNotOwned: ['smtp'],
  SendAsDenied: ['smtp'],
  SenderRewritten: ['smtp'],
  SenderRejected: ['smtp'],
  RelayDenied: ['smtp'],
  AuthRequiredToSend: ['smtp'],
  RecipientRejected: ['smtp'],
  Greylisted: ['smtp'],
  MessageTooLarge: ['smtp'],
  SendQuotaExceeded: ['smtp'],
  ReputationBlocked: ['smtp'],
  MailboxFullRemote: ['smtp'],
  ContentRejected: ['smtp'],
  TestMessageNotFound: ['smtp'],
  TestMessageInJunk: ['smtp'],
  TestMessageDelayed: ['smtp'],
  TestMessageTakenByFetcher: ['smtp'],
  CleanupFailed: reading,
  // Found around a check, not by it: no probe ever says them.
  SecretUnavailable: [],
  OAuthRefreshFailed: [],
  ChecksRateLimited: [],
};

/** The protocols whose checks can end with this kind; none: it is found around a check, not by it. */
export const occursIn = (kind: FailureKind): readonly Protocol[] => notInAll[kind] ?? all;

/** A scenario that proves that a kind is recognised. */
export interface Evidence {
  readonly protocol: Protocol;
  readonly name: string;
  /** What happens, in words. */
  readonly when: string;
}

const evidence: readonly (Evidence & { readonly kind: FailureKind })[] = [
  ...all.flatMap(clientScenarios).map(({ protocol, name, when, truth: { kind } }) => ({ protocol, name, when, kind })),
  ...scenarios.map(({ protocol, name, when, kind }) => ({ protocol, name, when, kind })),
];

/** The scenarios of a kind, of every protocol. */
export const evidenceFor = (kind: FailureKind): readonly Evidence[] => evidence.filter((one) => one.kind === kind);

/** Kinds for which this protocol has no scenario although it needs one. */
export const missingFor = (protocol: Protocol): readonly FailureKind[] =>
  failureKinds.filter(
    (kind) => occursIn(kind).includes(protocol) && !evidenceFor(kind).some((one) => one.protocol === protocol),
  );
