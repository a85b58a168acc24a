import { isIPv6 } from 'node:net';
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
import { type Extensions, extensionsOf } from './extensions.ts';
import { greet } from './greet.ts';
import { defaultSmtpLimits, type SmtpLimits } from './limits.ts';
import { type Heard, type Judge, judgeOf } from './judge.ts';
import { logIn } from './login.ts';
import { chooseMechanisms } from './mechanism.ts';
import { askPermission } from './permission.ts';
import { sendTestMessage } from './send-test-message.ts';
import { isLost, type SmtpSession, smtpSession } from './session.ts';
import { announce, startTls } from './start-tls.ts';

/** What the probe stands on; only the connector has no default. */
export interface SmtpProbeOptions {
  readonly connector: Connector;
  /** Providers whose words are known; default: those of mail-check. Own ones go in front. */
  readonly providers?: readonly Provider[];
  /** What this machine calls itself in EHLO; default: its address on the connection, as RFC 5321 section 4.1.4 has it. */
  readonly helloName?: string;
  /** A server that takes only smaller messages than this many bytes is warned about; default 1 MiB. */
  readonly leastMessageBytes?: number;
  readonly limits?: Partial<SmtpLimits>;
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
  'size',
  'mailFrom',
  'rcptTo',
  ...(testMessage === undefined ? [] : (['data'] as const)),
  'quit',
];

const mebibytes = (bytes: number): string => `${Math.max(0.1, Math.round((bytes / 1_048_576) * 10) / 10)} MB`;

const addressLiteral = (address: string | undefined): string =>
  address === undefined ? '[127.0.0.1]' : isIPv6(address) ? `[IPv6:${address}]` : `[${address}]`;

/** Whatever comes here, the library must not end before our own steps do. */
const patienceMs = 60_000;

/** How long the answer to QUIT is waited for. */
const farewellMs = 1_000;

/** A session that has said EHLO, and what the server announced over this channel. */
interface Begun {
  readonly session: SmtpSession;
  readonly offered: Extensions;
}

/**
 * Checks an SMTP account: the login, and the permission to send as the mailbox's address. Nothing is sent unless a test
 * message is asked for. Passes only
 * after a login that the server confirmed, over TLS or a required STARTTLS unless the deployment allows neither.
 */
export const smtpProbe = (options: SmtpProbeOptions): ProtocolProbe<'smtp'> => {
  const { connector, providers = knownProviders, leastMessageBytes = 1_048_576 } = options;
  const limits = { ...defaultSmtpLimits, ...options.limits };

  const begin = async (
    check: Check,
    opened: OpenedConnection,
    greeting: Buffer,
    judge: Judge,
    name: string,
  ): Promise<E.Either<Failure, Begun>> => {
    const limitMs = check.remainingMs() + patienceMs;
    const session = smtpSession(opened.socket, { secured: opened.secured, name, limitMs, heard: greeting });
    check.onEnd(session.destroy);
    const phase = check.target.tls === 'starttls' ? 'starttls' : 'capability';
    const answer = await session.begin();
    if (isLost(answer)) return E.left(judge.lost(phase, answer));
    if (answer.reply.code !== 250) return E.left(judge.refused(phase, 'EHLO', answer.reply));
    return E.right({ session, offered: extensionsOf(answer.reply) });
  };

  const converse = async (check: Check): Promise<E.Either<Failure, void>> => {
    let heard: Heard = { greeting: '', capabilities: [], secured: false };
    const judge = judgeOf(check, providers, () => heard);
    const opened = await connector.open(check);
    if (E.isLeft(opened)) return opened;
    const { socket } = opened.right;
    heard = { ...heard, secured: opened.right.secured };
    const name = options.helloName ?? addressLiteral(socket.localAddress);
    const channel = lineChannel(socket);

    const greeting = await greet(check, connector, channel, judge, limits);
    if (E.isLeft(greeting)) return greeting;
    heard = { ...heard, greeting: greeting.right.slice(4) };

    const encrypted = async (): Promise<E.Either<Failure, Begun>> => {
      const announced = await announce(check, channel, judge, limits, name);
      if (E.isLeft(announced)) return announced;
      return startTls(check, connector, channel, judge, limits, opened.right, announced.right, (secured) => {
        heard = { ...heard, secured: true };
        // The library waits for a greeting, which a server does not repeat after STARTTLS.
        return begin(check, secured, Buffer.from('220 ready\r\n'), judge, name);
      });
    };
    const asItIs = (): Promise<E.Either<Failure, Begun>> =>
      check.step('capability', {
        limitMs: limits.commandMs,
        onTimeout: 'ServerTemporarilyUnavailable',
        run: async () => {
          const rest = channel.release();
          const again = Buffer.from(`${greeting.right.replaceAll('\n', '\r\n')}\r\n`, 'utf8');
          return begin(check, opened.right, Buffer.concat([again, rest]), judge, name);
        },
      });
    const begun = await (check.target.tls === 'starttls' ? encrypted() : asItIs());
    if (E.isLeft(begun)) return begun;
    const { session, offered } = begun.right;
    heard = { ...heard, capabilities: offered.lines };

    const loggedIn = await check.step('auth', {
      limitMs: limits.loginMs,
      onTimeout: 'AuthTimeout',
      run: async (step) => {
        // That the mailbox may be used is proved by MAIL FROM, so the account itself is enough.
        const identity = loginIdentityOf(check, true);
        if (E.isLeft(identity)) return identity;
        const plainTextAllowed = connector.policy.allowBasicAuthenticationUnencrypted;
        const over = { secured: heard.secured, plainTextAllowed };
        const mechanisms = chooseMechanisms(check, identity.right, offered, over);
        if (E.isLeft(mechanisms)) return mechanisms;
        return logIn(check, step, session, judge, mechanisms.right, identity.right, offered);
      },
    });
    if (E.isLeft(loggedIn)) return loggedIn;

    const sized = await check.step('size', {
      limitMs: 1_000,
      onTimeout: 'DeadlineExceeded',
      run: async (step) => {
        const { maxMessageBytes } = offered;
        if (maxMessageBytes === null || maxMessageBytes === 0) step.detail('no limit announced');
        else {
          const limit = mebibytes(maxMessageBytes);
          step.detail(`messages of up to ${limit}`);
          if (maxMessageBytes < leastMessageBytes) step.warn('MessageTooLarge', { limit }, { disposition: 'warning' });
        }
        return E.right(undefined);
      },
    });

    if (E.isLeft(sized)) return sized;
    const permitted = await askPermission(check, session, judge, offered, limits.commandMs);
    if (E.isLeft(permitted)) return permitted;
    if (check.testMessage !== null) {
      const sent = await sendTestMessage(check, session, judge, check.testMessage, limits.loginMs);
      if (E.isLeft(sent)) return sent;
    }
    return check.step('quit', {
      limitMs: 2 * farewellMs,
      onTimeout: 'ServerTemporarilyUnavailable',
      run: async () => {
        // Everything asked for has been answered: a server that is rude now changes nothing.
        const timer = setTimeout(session.destroy, farewellMs);
        await permitted.right();
        clearTimeout(timer);
        return E.right(undefined);
      },
    });
  };

  return createProbe({
    protocol: 'smtp',
    steps: stepsOf,
    body: converse,
    ...(options.deadlineMs === undefined ? {} : { deadlineMs: options.deadlineMs }),
  });
};
