import '../../kernel/abort-signal.ts';
import type { EmailAddress, Host, IncomingProtocol, Protocol, Secret, TlsMode } from '../../values/index.ts';
import type { Failure } from '../../taxonomy/failure.ts';
import type { Disposition, FailureField, Phase, Scope } from '../../taxonomy/kind-of-failure.ts';

/**
 * How to log in. `auto`: the strongest mechanism that the server offers over this channel, never plain text without TLS.
 * `basic`: user name and password as they are, by whichever mechanism or command of the protocol the server takes.
 */
export const mechanisms = [
  'auto',
  'basic',
  'plain',
  'login',
  'cram-md5',
  'scram-sha-256',
  'xoauth2',
  'oauthbearer',
  'apop',
  'userpass',
] as const;
/** One of `mechanisms`. */
export type Mechanism = (typeof mechanisms)[number];

/** What to log in with. The user name is the account's; templates of the profile are applied by the probe. */
export interface ProbeCredentials {
  readonly userName: string;
  readonly secret: Secret;
  readonly kind: 'password' | 'token';
  /** True when they are the profile's, so that access to *this* mailbox has to be proved. */
  readonly ofProfile: boolean;
}

/** What to check: a mailbox on a server. */
export interface ProbeTarget {
  readonly protocol: Protocol;
  readonly host: Host;
  readonly port: number;
  readonly tls: TlsMode;
  readonly mechanism: Mechanism;
  /** Whose mailbox is to be proved; for SMTP the sender that must be permitted. */
  readonly address: EmailAddress;
  /** Such as `{mailbox}*{user}`: the login name that opens another user's mailbox. */
  readonly loginTemplate: string | null;
  /** Such as `user/{mailbox}`: where another user's inbox lies. */
  readonly folderTemplate: string | null;
  /** Overall deadline of this check in milliseconds (profile: connection time limit); null: the adapter's default. */
  readonly deadlineMs: number | null;
}

/** The steps that checks are made of. */
export const stepNames = [
  'policy',
  'dns',
  'connect',
  'tls',
  'greeting',
  'capability',
  'starttls',
  'auth',
  'select',
  'list',
  'find',
  'cleanup',
  'size',
  'mailFrom',
  'rcptTo',
  'data',
  'quit',
] as const;
/** One of `stepNames`. */
export type StepName = (typeof stepNames)[number];
/** How a step ended; `notRun`: because of a step before it. */
export type StepStatus = 'passed' | 'warning' | 'failed' | 'notRun';

/** One node of the step tree, in order. A step is not run because an earlier one failed. */
export interface StepReport {
  readonly step: StepName;
  readonly status: StepStatus;
  readonly ms: number;
  /** Redacted evidence for people; never a secret, never a foreign banner. */
  readonly detail: string | null;
}

/** The step that has begun; what a person who watches is waiting for. */
export interface StepStarted {
  readonly step: StepName;
}

/** What one check of one direction found. Being refused is an outcome, not an error: a probe never fails. */
export interface CheckReport {
  readonly verdict: 'passed' | 'warning' | 'failed';
  /** Set exactly when the verdict is `failed`. */
  readonly failure: Failure | null;
  readonly warnings: readonly Failure[];
  readonly steps: readonly StepReport[];
  readonly ms: number;
}

/** A real message that a mailbox sends to itself, told apart from every other by its Message-ID. */
export interface TestMessage {
  /** Without angle brackets. */
  readonly messageId: string;
  readonly subject: string;
  /** How the mailbox was marked (`onMark`) before the message was sent; null: not known. */
  readonly mark: string | null;
}

/** How one check is followed, and how it is ended early. */
export interface CheckOptions {
  /** Aborting ends the check at once with kind `Cancelled`. */
  readonly signal?: AbortSignal;
  readonly onStep?: (step: StepStarted | StepReport) => void;
  /** Names the bulk run within which TLS sessions may be resumed; absent: never resumed. */
  readonly bulkRun?: string;
  /**
   * SMTP: really sends it, from the mailbox to itself, after the permission has been asked for. Incoming: looks for it
   * in the mailbox (and in junk) and removes it; nothing else in the mailbox is touched.
   */
  readonly testMessage?: TestMessage;
  /** Told of a mark of the mailbox that changes with every message that arrives, where the protocol has one. */
  readonly onMark?: (mark: string) => void;
}

/** Checks of one protocol; each mail adapter exports one. Never rejects, always settles within its deadline. */
export interface ProtocolProbe<P extends Protocol = Protocol> {
  readonly protocol: P;
  readonly check: (
    target: ProbeTarget & { readonly protocol: P },
    credentials: ProbeCredentials,
    options?: CheckOptions,
  ) => Promise<CheckReport>;
  /** Releases idle resources; checks under way are cancelled. */
  readonly close: () => Promise<void>;
}

/** Both directions. The composition puts it together from the protocol probes. */
export interface MailProbe {
  readonly checkIncoming: (
    target: ProbeTarget & { readonly protocol: IncomingProtocol },
    credentials: ProbeCredentials,
    options?: CheckOptions,
  ) => Promise<CheckReport>;
  readonly checkOutgoing: (
    target: ProbeTarget & { readonly protocol: 'smtp' },
    credentials: ProbeCredentials,
    options?: CheckOptions,
  ) => Promise<CheckReport>;
  readonly close: () => Promise<void>;
}

/** What a failed check puts into the mailbox's history. */
export interface FailureSummary {
  readonly kind: string;
  readonly phase: Phase;
  readonly disposition: Disposition;
  readonly scope: Scope;
  readonly field: FailureField | null;
}
