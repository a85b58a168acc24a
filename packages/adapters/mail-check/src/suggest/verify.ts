import type { Failure } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { isIPv6 } from 'node:net';
import type { Check } from '../check/check.ts';
import type { Connector, OpenedConnection } from '../connect/connector-types.ts';
import { type LineChannel, lineChannel } from '../wire/line-channel.ts';
import { checkAnonymously } from './anonymous-check.ts';
import { agreesToUpgrade, farewell, introduce, type Introduction, isGreeted } from './introduction.ts';
import type { Candidate, Suggestion } from './suggestion.ts';

/** How long a server may take for a line; some keep strangers waiting. */
const lineMs = 10_000;
/** For one candidate, in milliseconds. */
const deadlineMs = 20_000;

/** This machine's own address, as RFC 5321 section 4.1.4 has it: it has no name that means anything to strangers. */
const clientName = ({ localAddress = '127.0.0.1' }: { readonly localAddress?: string | undefined }): string =>
  isIPv6(localAddress) ? `[IPv6:${localAddress}]` : `[${localAddress}]`;

const asked = (check: Check, channel: LineChannel, name: string): Promise<E.Either<Failure, Introduction>> =>
  check.step('capability', {
    limitMs: lineMs,
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async (step) => {
      const said = await introduce(check.target.protocol, channel, name, step.signal);
      return said === null ? check.fail('MalformedResponse') : E.right(said);
    },
  });

const upgraded = (
  check: Check,
  connector: Connector,
  opened: OpenedConnection,
  channel: LineChannel,
  name: string,
): Promise<E.Either<Failure, OpenedConnection>> =>
  check.step('starttls', {
    limitMs: lineMs,
    onTimeout: 'TlsHandshakeTimeout',
    run: async (step) => {
      if (!(await agreesToUpgrade(check.target.protocol, channel, name, step.signal))) {
        return check.fail('StartTlsRefused');
      }
      if (channel.release().length > 0) return check.fail('StartTlsInjection');
      return connector.upgrade(check, step, opened);
    },
  });

/** Up to the capabilities over the encrypted channel, and no further. */
const reach = async (check: Check, connector: Connector): Promise<E.Either<Failure, Introduction>> => {
  const { protocol, tls } = check.target;
  const opened = await connector.open(check);
  if (E.isLeft(opened)) return opened;
  const name = clientName(opened.right.socket);
  const channel = lineChannel(opened.right.socket);
  const greeted = await check.step('greeting', {
    limitMs: lineMs,
    onTimeout: 'GreetingTimeout',
    run: async (step) =>
      (await isGreeted(protocol, channel, step.signal)) ? E.right(undefined) : check.fail('ProtocolMismatch'),
  });
  if (E.isLeft(greeted)) return greeted;
  const inClear = await asked(check, channel, name);
  if (E.isLeft(inClear) || tls === 'tls') {
    farewell(protocol, channel);
    return inClear;
  }
  if (!inClear.right.offersUpgrade) return check.fail('StartTlsNotOffered');
  const secured = await upgraded(check, connector, opened.right, channel, name);
  if (E.isLeft(secured)) return secured;
  // What was announced in clear may have been forged: only what comes over the encrypted channel counts.
  const encrypted = lineChannel(secured.right.socket);
  const said = await asked(check, encrypted, name);
  farewell(protocol, encrypted);
  return said;
};

/**
 * Connects to a candidate, encrypted and with a verified certificate, and asks what it offers. Null for every reason
 * for which it cannot be used, without distinction: who named the candidate must not learn what is behind an address.
 */
export const verify = async (
  candidate: Candidate,
  connector: Connector,
  signal: AbortSignal,
): Promise<Omit<Suggestion, 'isOutsideDomain'> | null> => {
  const said: Introduction[] = [];
  const report = await checkAnonymously(
    { ...candidate, deadlineMs },
    ['policy', 'dns', 'connect', 'tls', 'greeting', 'capability', 'starttls'],
    async (check) => {
      const reached = await reach(check, connector);
      if (E.isLeft(reached)) return reached;
      said.push(reached.right);
      return E.right(undefined);
    },
    signal,
  );
  const [introduction] = said;
  if (report.failure !== null || introduction === undefined) return null;
  const { mechanisms } = introduction;
  // A server that takes mail from everybody is not the one to log in to.
  if (candidate.protocol === 'smtp' && mechanisms.length === 0) return null;
  return { ...candidate, mechanisms, warnings: report.warnings.map(({ kind }) => kind) };
};
