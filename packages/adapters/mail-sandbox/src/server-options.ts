import { type Account, type Accounts, createAccounts } from './accounts/account.ts';
import { createMessageStore, type MessageStore } from './accounts/message-store.ts';
import type { Protocol } from './behaviours/behaviour.ts';
import { type Mechanism, mechanisms } from './sasl/mechanism.ts';
import type { RuleSet } from './wire/conversation.ts';
import type { WireOptions } from './wire/line-server.ts';

/** What an SMTP, IMAP or POP3 server of the sandbox can be told. */
export interface MailServerOptions extends WireOptions {
  readonly accounts?: Accounts | readonly Account[];
  /** Shared by servers that show the same mail; default: one of its own. */
  readonly store?: MessageStore;
  /** Offered and accepted; default all. */
  readonly mechanisms?: readonly Mechanism[];
  /** The text of the greeting after the protocol's own word. */
  readonly greeting?: string;
  /** In the greeting and in challenges; default `mail.example.test`. */
  readonly hostName?: string;
  /**
   * Whether a password over a connection in clear is accepted; default: only when the server has no TLS at all.
   */
  readonly allowPlainText?: boolean;
  /** Capability words beside the server's own, such as `X-GM-EXT-1`. */
  readonly capabilities?: readonly string[];
  /** Capability words the server keeps to itself, such as `STARTTLS` or `UIDL`; the command is refused too. */
  readonly without?: readonly string[];
  /** What a refused OAuth token is explained with. */
  readonly tokenError?: Readonly<Record<string, string>>;
}

/** The same with every default filled in. */
export interface MailServerSettings {
  readonly accounts: Accounts;
  readonly store: MessageStore;
  readonly mechanisms: readonly Mechanism[];
  readonly hostName: string;
  readonly allowPlainText: boolean;
  readonly capabilities: readonly string[];
  readonly without: ReadonlySet<string>;
  readonly tokenError: Readonly<Record<string, string>>;
}

/** Fills in the defaults. */
export const settingsOf = (options: MailServerOptions): MailServerSettings => ({
  accounts: isAccounts(options.accounts) ? options.accounts : createAccounts(options.accounts),
  store: options.store ?? createMessageStore(),
  mechanisms: options.mechanisms ?? mechanisms,
  hostName: options.hostName ?? 'mail.example.test',
  allowPlainText: options.allowPlainText ?? (options.tls ?? 'none') === 'none',
  capabilities: options.capabilities ?? [],
  without: new Set((options.without ?? []).map((word) => word.toUpperCase())),
  tokenError: options.tokenError ?? { status: '401', schemes: 'bearer', scope: 'https://mail.example.test/' },
});

/** The rules an account brings to a protocol. */
export const rulesOf = (account: Account, protocol: Protocol): RuleSet => ({
  key: `${protocol} ${account.userName}`,
  rules: (account.behaviours ?? [])
    .filter((behaviour) => behaviour.protocol === protocol)
    .flatMap(({ rules }) => rules),
});

const isAccounts = (accounts: MailServerOptions['accounts']): accounts is Accounts =>
  accounts !== undefined && 'find' in accounts && 'byAddress' in accounts;
