import type { Failure, Phase } from '@mailroom/domain';
import type { Check, Connector, LineChannel, OpenedConnection } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import type { Judge } from './judge.ts';
import type { ImapLimits } from './limits.ts';
import { capabilityList, run, type Status } from './response.ts';

/** Capabilities in upper case. */
export type Capabilities = ReadonlySet<string>;

/** Asks for the capabilities of this channel. */
export const askCapabilities = async (
  channel: LineChannel,
  signal: AbortSignal,
  judge: Judge,
  phase: Phase,
  tag: string,
): Promise<E.Either<Failure, Capabilities>> => {
  const result = await run(channel, signal, tag, 'CAPABILITY');
  if (result._tag !== 'Completed') return E.left(judge.lost(phase, result));
  const { status, remarks, capabilities } = result;
  if (status.status !== 'OK') return E.left(judge.refused(phase, 'CAPABILITY', status, remarks));
  return E.right(new Set(capabilities ?? []));
};

/** Step `capability`: those of the greeting, or asked for. Before encryption only STARTTLS is believed. */
export const readCapabilities = (
  check: Check,
  channel: LineChannel,
  judge: Judge,
  limits: ImapLimits,
  greeting: Status,
): Promise<E.Either<Failure, Capabilities>> =>
  check.step('capability', {
    limitMs: limits.commandMs,
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async ({ signal }) => {
      if (greeting.code === 'CAPABILITY') return E.right(new Set(capabilityList(greeting.codeArguments)));
      return askCapabilities(channel, signal, judge, 'capability', 'C1');
    },
  });

/** An encrypted connection and what the server can do over it. */
export interface Encrypted {
  readonly opened: OpenedConnection;
  readonly capabilities: Capabilities;
}

/**
 * Step `starttls`: required, so a server that does not offer or refuses it ends the check. Bytes that came before the
 * handshake are somebody else's, and so may be every capability (RFC 9051 section 6.2.1): they are asked for again.
 */
export const startTls = (
  check: Check,
  connector: Connector,
  channel: LineChannel,
  judge: Judge,
  limits: ImapLimits,
  opened: OpenedConnection,
  announced: Capabilities,
  channelOn: (secured: OpenedConnection) => LineChannel,
): Promise<E.Either<Failure, Encrypted>> =>
  check.step('starttls', {
    limitMs: limits.commandMs,
    onTimeout: () => check.failure('TlsHandshakeTimeout', {}, { phase: 'starttls' }),
    run: async (step) => {
      if (!announced.has('STARTTLS')) return check.fail('StartTlsNotOffered');
      const result = await run(channel, step.signal, 'S1', 'STARTTLS');
      if (result._tag !== 'Completed') return E.left(judge.lost('starttls', result));
      const { status, remarks } = result;
      if (status.status === 'BYE') return E.left(judge.refused('starttls', 'STARTTLS', status, remarks));
      if (status.status !== 'OK') {
        return check.fail('StartTlsRefused', {}, { serverText: status.text });
      }
      if (channel.release().length > 0) return check.fail('StartTlsInjection');
      const secured = await connector.upgrade(check, step, opened);
      if (E.isLeft(secured)) return secured;
      const again = channelOn(secured.right);
      const capabilities = await askCapabilities(again, step.signal, judge, 'starttls', 'C2');
      return E.isLeft(capabilities)
        ? capabilities
        : E.right({ opened: secured.right, capabilities: capabilities.right });
    },
  });
