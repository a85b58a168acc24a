import type { Protocol } from '../behaviours/behaviour.ts';
import type { FailureKind, FailureTruth } from '../behaviours/failure-kind.ts';
import type { Certificates } from '../certificates/certificates.ts';
import type { Gate } from '../wire/gate.ts';
import type { RunningServer, TlsMode } from '../wire/line-server.ts';
import type { Split } from '../wire/split.ts';

/** What a check must do beyond logging in and looking, for a scenario to show. */
export type Need =
  /** Log in with `token` by OAuth instead of the password. */
  | 'token'
  /** Use a connection without any encryption (`tls` is `none`). */
  | 'unencrypted'
  /** Check revocation, with `crl`. */
  | 'crl'
  /** Really send a message: MAIL and RCPT are accepted. */
  | 'message'
  /** Send a message to the mailbox, find it again at `other`, and delete it. */
  | 'roundTrip';

/** Where the second server of a round trip listens. */
export interface ScenarioEndpoint {
  readonly protocol: Protocol;
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
}

/** A running scenario: what a check has to be given. */
export interface RunningScenario {
  readonly host: string;
  readonly port: number;
  /** How the client is to connect, which need not be how the server speaks. */
  readonly tls: TlsMode;
  /** PEM of the authority to trust. */
  readonly ca: string;
  /** PEM of its revocation list. */
  readonly crl: string;
  readonly userName: string;
  readonly password: string;
  /** The OAuth access token, for scenarios that need one. */
  readonly token?: string;
  /** The mailbox, which is also the sender's address. */
  readonly address: string;
  /** The other side of a round trip. */
  readonly other?: ScenarioEndpoint;
  /** Holds back what the scenario delays. */
  readonly gate?: Gate;
  /** The server itself; there is none where nobody listens. */
  readonly server?: RunningServer;
  close(): Promise<void>;
}

/** What a scenario can be started with. */
export interface ScenarioOptions {
  /** Where to listen; default 127.0.0.1. */
  readonly host?: string;
  /** Default: certificates made once for the process, for localhost, 127.0.0.1 and ::1. */
  readonly certificates?: Certificates;
  /** Cuts what the server sends into packets; the verdict must stay the same. */
  readonly split?: Split;
}

/** One way in which a mail server makes a check fail, or warn, and the kind a careful check reports. */
export interface Scenario {
  /** Unique, starts with the protocol. */
  readonly name: string;
  /** The protocol the client is to speak. */
  readonly protocol: Protocol;
  /** How the client is to connect. */
  readonly tls: TlsMode;
  readonly kind: FailureKind;
  /** The kind with its disposition, scope and field, as they are in this scenario. */
  readonly truth: FailureTruth;
  /** What happens, in words. */
  readonly when: string;
  readonly needs: readonly Need[];
  start(options?: ScenarioOptions): Promise<RunningScenario>;
}
