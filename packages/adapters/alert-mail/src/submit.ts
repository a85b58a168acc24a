import { type AlertMailMessage, domainOf, type Failure, type Phase } from '@mailroom/domain';
import {
  type Check,
  classifyRefusal,
  type Connector,
  errorCodes,
  kindOfNodeError,
  type OpenedConnection,
} from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import { createTransport } from 'nodemailer';
import { encodeWord } from 'nodemailer/lib/mime-funcs';
import type { AlertMailServer } from './alert-mail-server.ts';

interface Submission {
  readonly check: Check;
  readonly connector: Connector;
  readonly opened: OpenedConnection;
  readonly server: AlertMailServer;
  readonly mail: AlertMailMessage;
}

/** One line, whatever a name in it was made of. */
const oneLine = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
  text.replace(/[\u0000-\u001f\u007f]+/g, ' ');

/** Lines stay lines; no other control character has a place in a mail. */
const lines = (text: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are exactly what must not pass
  text.replace(/\r\n?/g, '\n').replace(/[\u0000-\u0008\u000b-\u001f\u007f]/g, ' ');

/** A name may look like an encoded word (RFC 2047), which a reader would decode: encoded once more it stays as it is. */
const subjectOf = (text: string) =>
  text.includes('=?') ? { prepared: true, foldLines: true, value: encodeWord(text, 'B', 52) } : text;

const messageOf = ({ id, to, subject, paragraphs }: AlertMailMessage, { from }: AlertMailServer) => ({
  from: { name: 'Mailroom', address: from },
  to: [...to],
  text: paragraphs.map(({ sentence }) => lines(sentence)).join('\n\n'),
  // The same mail is the same message, however often it leaves.
  messageId: `<${id}@${domainOf(from)}>`,
  // RFC 3834: no absence notice answers it.
  headers: { Subject: subjectOf(oneLine(subject.sentence)), 'Auto-Submitted': 'auto-generated' },
  textEncoding: 'quoted-printable' as const,
  disableFileAccess: true,
  disableUrlAccess: true,
});

/** What nodemailer tells of an error. */
interface Told {
  readonly code?: string;
  readonly command?: string;
  readonly response?: string;
  readonly responseCode?: number;
}

const phaseOf = ({ code, command = '' }: Told): Phase => {
  if (code === 'EAUTH' || command.startsWith('AUTH')) return 'auth';
  return command.startsWith('RCPT') || command === 'DATA' ? 'rcptTo' : 'mailFrom';
};

const enhancedCode = /^\d{3}[ -]([245]\.\d{1,3}\.\d{1,3})\b/;

const failureOf = async ({ check, connector, server }: Submission, error: unknown): Promise<Failure> => {
  const told = (error ?? {}) as Told;
  const { response, responseCode, command = '' } = told;
  if (command === 'STARTTLS') return check.failure('StartTlsNotOffered', {}, { phase: 'starttls' });
  if (response === undefined || responseCode === undefined) {
    // nodemailer makes the handshake of STARTTLS itself; what went wrong in it, the connector can tell.
    const isHandshake = server.tls === 'starttls' && errorCodes(error).some((code) => /TLS|CERT|SSL/.test(code));
    if (isHandshake) return connector.explain(check, 'starttls', error);
    const kind = kindOfNodeError(error) === 'ConnectionReset' ? 'ConnectionReset' : 'ConnectionClosedByServer';
    return check.failure(kind, {}, { phase: 'session' });
  }
  const phase = phaseOf(told);
  const verdict = classifyRefusal(
    {
      protocol: 'smtp',
      phase,
      command: phase === 'auth' ? 'AUTH' : phase === 'rcptTo' ? 'RCPT' : 'MAIL',
      code: enhancedCode.exec(response)?.[1] ?? null,
      reply: responseCode,
      status: null,
      text: response.replace(/^\d{3}[ -]/gm, ''),
    },
    { provider: null, credentials: 'password', secured: server.tls !== 'none', ownWords: [server.from] },
  );
  // Codes below 500 mean "not now" (RFC 5321), whatever the words say.
  const disposition = responseCode < 500 ? 'transient' : (verdict.overrides?.disposition ?? 'permanent');
  return check.failure(verdict.kind, verdict.params, { ...verdict.overrides, phase, disposition });
};

/** Hands the mail over, through nodemailer on a connection that we opened. STARTTLS is required where it is the mode. */
export const submit = (submission: Submission): Promise<E.Either<Failure, void>> => {
  const { check, connector, opened, server, mail } = submission;
  const { tls, login } = server;
  return check.step('mailFrom', {
    limitMs: check.remainingMs(),
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async () => {
      const transport = createTransport({
        host: server.host,
        port: server.port,
        secure: tls === 'tls',
        requireTLS: tls === 'starttls',
        ignoreTLS: tls === 'none',
        tls: connector.tlsOptions(check),
        ...(login === null ? {} : { auth: { user: login.userName, pass: login.password.reveal() }, forceAuth: true }),
        getSocket: (_options: unknown, done: (error: null, socket: object) => void) => {
          done(null, { connection: opened.socket, secured: opened.secured });
        },
        logger: false,
      });
      check.onEnd(() => transport.close());
      try {
        await transport.sendMail(messageOf(mail, server));
        return E.right(undefined);
      } catch (error) {
        return E.left(await failureOf(submission, error));
      }
    },
  });
};
