import type { CheckOptions, Failure, ProbeTarget, ProtocolProbe, StepName } from '@mailroom/domain';
import {
  type Check,
  type Connector,
  createProbe,
  knownProviders,
  lineChannel,
  loginIdentityOf,
  type OpenedConnection,
  type Provider,
} from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import { type Capabilities, readCapabilities, startTls } from './capabilities.ts';
import { greet } from './greet.ts';
import { type Heard, judgeOf } from './judge.ts';
import { defaultImapLimits, type ImapLimits } from './limits.ts';
import { logIn } from './login.ts';
import { type ClientInfo, lookInside } from './mailbox.ts';
import { chooseMechanisms } from './mechanism.ts';

/** What the probe stands on; only the connector has no default. */
export interface ImapProbeOptions {
  readonly connector: Connector;
  /** Providers whose words are known; default: those of mail-check. Own ones go in front. */
  readonly providers?: readonly Provider[];
  /** What this program says of itself to servers that ask (RFC 2971); default: its name. */
  readonly clientInfo?: ClientInfo;
  readonly limits?: Partial<ImapLimits>;
  /** Where the profile sets no limit; default: that of mail-check. */
  readonly deadlineMs?: number;
}

const stepsOf = ({ tls }: ProbeTarget, { testMessage }: CheckOptions): readonly StepName[] => [
  'policy',
  'dns',
  'connect',
  ...(tls === 'tls' ? (['tls'] as const) : []),
  'greeting',
  'capability',
  ...(tls === 'starttls' ? (['starttls'] as const) : []),
  'auth',
  'select',
  'list',
  ...(testMessage === undefined ? [] : (['find', 'cleanup'] as const)),
  'quit',
];

/**
 * Checks an IMAP account: the login, and that the mailbox opens. It is opened read-only, nothing is changed. Passes only
 * after a login that the server confirmed, over TLS or a required STARTTLS unless the deployment allows neither.
 */
export const imapProbe = (options: ImapProbeOptions): ProtocolProbe<'imap'> => {
  const { connector, providers = knownProviders, clientInfo = { name: 'Mailroom', vendor: 'Mailroom' } } = options;
  const limits = { ...defaultImapLimits, ...options.limits };

  const converse = async (check: Check): Promise<E.Either<Failure, void>> => {
    let heard: Heard = { greeting: '', capabilities: [], secured: false };
    const judge = judgeOf(check, providers, () => heard);
    const connected = await connector.open(check);
    if (E.isLeft(connected)) return connected;
    let opened = connected.right;
    let channel = lineChannel(opened.socket);
    heard = { ...heard, secured: opened.secured };

    const greeting = await greet(check, connector, channel, judge, limits);
    if (E.isLeft(greeting)) return greeting;
    heard = { ...heard, greeting: greeting.right.text };

    const announced = await readCapabilities(check, channel, judge, limits, greeting.right);
    if (E.isLeft(announced)) return announced;
    let capabilities: Capabilities = announced.right;

    if (check.target.tls === 'starttls') {
      const onSecured = (secured: OpenedConnection) => (channel = lineChannel(secured.socket));
      const encrypted = await startTls(check, connector, channel, judge, limits, opened, capabilities, onSecured);
      if (E.isLeft(encrypted)) return encrypted;
      ({ opened, capabilities } = encrypted.right);
      heard = { ...heard, secured: true };
    }
    heard = { ...heard, capabilities: [...capabilities] };

    const offered = capabilities;
    const loggedIn = await check.step('auth', {
      limitMs: limits.loginMs,
      onTimeout: 'AuthTimeout',
      run: async (step) => {
        // A folder template opens the mailbox from the account's own session.
        const identity = loginIdentityOf(check, check.target.folderTemplate !== null);
        if (E.isLeft(identity)) return identity;
        const plainTextAllowed = connector.policy.allowBasicAuthenticationUnencrypted;
        const over = { secured: heard.secured, plainTextAllowed };
        const mechanisms = chooseMechanisms(check, identity.right, offered, over);
        if (E.isLeft(mechanisms)) return mechanisms;
        return logIn(check, channel, step, judge, mechanisms.right, identity.right, offered);
      },
    });
    if (E.isLeft(loggedIn)) return loggedIn;
    return lookInside(check, opened, channel, judge, loggedIn.right, clientInfo, limits.commandMs);
  };

  return createProbe({
    protocol: 'imap',
    steps: stepsOf,
    body: converse,
    ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
  });
};
