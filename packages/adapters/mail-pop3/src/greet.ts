import * as E from 'fp-ts/lib/Either.js';
import { type Check, greetingLimitMs } from '@mailroom/mail-check';
import { parseCapabilities } from './capabilities.ts';
import { brokenOff, refused, type Session, type Stage } from './session.ts';
import type { Broken, Transport } from './wire/transport.ts';
import { createTransport } from './wire/transport.ts';

/** The timestamp of a greeting, which APOP signs (RFC 1939 section 7). */
const timestampIn = (text: string): string => /<[^<>\s]+@[^<>\s]*>/.exec(text)?.[0] ?? '';

/** What came instead of a greeting decides: silence and foreign protocols are looked into, noise is noise. */
const withoutGreeting = (session: Session, broken: Broken): ReturnType<Session['connector']['explainGreeting']> => {
  const { check, connector } = session;
  if (broken._tag === 'Malformed') return connector.explainGreeting(check, { _tag: 'Bytes', first: broken.first });
  if (broken.why === 'reset') return Promise.resolve(check.failure('ConnectionReset', {}, { phase: 'greeting' }));
  return connector.explainGreeting(check, { _tag: 'Closed' });
};

/** Step `greeting`: the server says who it is. Some time is kept for finding out why, if it does not. */
export const greet = (session: Session): Stage =>
  session.check.step('greeting', {
    limitMs: greetingLimitMs(session.check, session.limits.greetingMs),
    onTimeout: () => session.connector.explainGreeting(session.check, { _tag: 'Silence' }),
    run: async (step) => {
      const reply = await session.transport.greeting(step.signal);
      if (E.isLeft(reply)) return E.left(await withoutGreeting(session, reply.left));
      const { ok, code, text } = reply.right;
      const greeted = { ...session, greeting: text, timestamp: timestampIn(text) };
      return ok ? E.right(greeted) : E.left(refused(greeted, 'greeting', '', { code, text }));
    },
  });

/** Asks for the capabilities. A server that refuses is one that does not know the command; null then. */
const askCapabilities = async (session: Session, phase: 'capability' | 'starttls', signal: AbortSignal): Stage => {
  const answer = await session.transport.listing(['CAPA'], signal);
  if (E.isLeft(answer)) return E.left(brokenOff(session, phase, answer.left));
  const { reply, lines } = answer.right;
  return E.right({ ...session, capabilities: reply.ok ? parseCapabilities(lines) : null });
};

/** Step `capability`: what the server can do over this channel. */
export const learnCapabilities = (session: Session): Stage =>
  session.check.step('capability', {
    limitMs: session.limits.commandMs,
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async (step) => {
      const learned = await askCapabilities(session, 'capability', step.signal);
      if (E.isRight(learned)) {
        const { capabilities } = learned.right;
        step.detail(
          capabilities === null
            ? 'the server lists none'
            : `login by ${[...(capabilities.user ? ['USER'] : []), ...capabilities.sasl].join(', ') || 'nothing'}`,
        );
      }
      return learned;
    },
  });

const hasEarlyBytes = (transport: Transport): boolean => transport.release().length > 0;

/** Step `starttls`: TLS is required, so a server without it fails. What it said before TLS is forgotten. */
export const startTls = (session: Session): Stage => {
  const { check, connector, transport, capabilities, opened } = session;
  return check.step('starttls', {
    limitMs: session.limits.commandMs,
    onTimeout: () => check.failure('TlsHandshakeTimeout', {}, { phase: 'starttls' }),
    run: async (step) => {
      if (capabilities !== null && !capabilities.stls) return check.fail('StartTlsNotOffered');
      const reply = await transport.command(['STLS'], step.signal);
      if (E.isLeft(reply)) return E.left(brokenOff(session, 'starttls', reply.left));
      if (!reply.right.ok) {
        // Without a capability list the refusal is the only way to learn that it is not offered.
        const kind = capabilities === null ? 'StartTlsNotOffered' : 'StartTlsRefused';
        return check.fail(kind, {}, { serverText: reply.right.text });
      }
      if (hasEarlyBytes(transport)) return check.fail('StartTlsInjection');
      const upgraded = await connector.upgrade(check, step, opened);
      if (E.isLeft(upgraded)) return upgraded;
      const secured = { ...session, opened: upgraded.right, transport: createTransport(upgraded.right.socket) };
      return askCapabilities(secured, 'starttls', step.signal);
    },
  });
};

/** The session before anything was said. */
export const begin = (
  parts: Pick<Session, 'connector' | 'limits' | 'providers' | 'opened'> & { readonly check: Check },
): Session => ({
  ...parts,
  transport: createTransport(parts.opened.socket),
  greeting: '',
  timestamp: '',
  capabilities: null,
});
