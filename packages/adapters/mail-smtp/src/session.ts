import type { Socket } from 'node:net';
import SMTPConnection, { type CustomAuthenticationContext } from 'nodemailer/lib/smtp-connection';
import { parseReply, type SmtpReply } from './reply.ts';

/** The connection ended, or said something that is no answer, before the answer came. */
export interface Lost {
  readonly _tag: 'Lost';
  /** nodemailer's error; its codes tell how. */
  readonly error: unknown;
}

/** An answer, whatever it says. */
export interface Answered {
  readonly _tag: 'Answered';
  readonly reply: SmtpReply;
}

/** Sends one line and waits for its answer. */
export type Send = (line: string) => Promise<Answered | Lost>;

/** An SMTP session on a connection that we opened, carried by nodemailer. */
export interface SmtpSession {
  /** Reads the greeting and says EHLO (or HELO to a server that does not know it): the answer. */
  readonly begin: () => Promise<Answered | Lost>;
  /** A conversation of our own, through nodemailer's hook for custom mechanisms. */
  readonly converse: <T>(run: (send: Send) => Promise<T>) => Promise<T | Lost>;
  /** Sends several lines in one go, for servers that announce it (RFC 2920); their answers, in order. */
  readonly sendAhead: (lines: readonly string[]) => readonly Promise<Answered | Lost>[];
  readonly destroy: () => void;
}

/** The reply that an error of nodemailer carries: a server may say why it closes a connection. */
export const replyIn = ({ error }: Lost): SmtpReply | null => {
  const { response } = (error ?? {}) as { readonly response?: unknown };
  return typeof response === 'string' ? parseReply(response) : null;
};

const noReply = (): Lost => ({
  _tag: 'Lost',
  error: Object.assign(new Error('no SMTP reply'), { code: 'EPROTOCOL' }),
});

const answered = (response: unknown): Answered | Lost => {
  const reply = typeof response === 'string' ? parseReply(response) : null;
  return reply === null ? noReply() : { _tag: 'Answered', reply };
};

/** Tells a lost connection from everything that a conversation may end with. */
export const isLost = (outcome: unknown): outcome is Lost => (outcome as Lost | null)?._tag === 'Lost';

/** Any name that no mechanism has. */
const conversation = 'X-CONVERSATION';

type Run = (send: Send) => Promise<unknown>;

/** Every limit here is longer than the step that waits: our own steps say what was waited for. */
const libraryPatience = (limitMs: number) => ({
  connectionTimeout: limitMs,
  greetingTimeout: limitMs,
  socketTimeout: limitMs,
  socketCloseTimeout: 0,
});

/**
 * nodemailer's connection over a socket that is connected, and encrypted if it is to be: it never starts TLS itself.
 * `heard` is given to it as if it came from the server now.
 */
export const smtpSession = (
  socket: Socket,
  options: { readonly secured: boolean; readonly name: string; readonly limitMs: number; readonly heard: Buffer },
): SmtpSession => {
  const connection = new SMTPConnection({
    connection: socket,
    secure: options.secured,
    secured: options.secured,
    ignoreTLS: true,
    name: options.name,
    logger: false,
    maxResponseSize: 65_536,
    ...libraryPatience(options.limitMs),
    customAuth: {
      [conversation]: (context: CustomAuthenticationContext): void => {
        const send: Send = async (line) => answered((await context.sendCommand(line)).response);
        void (context.auth['run'] as Run)(send).then(
          () => context.resolve(),
          () => context.reject('failed'),
        );
      },
    },
  });

  let resolveLost: (lost: Lost) => void = () => undefined;
  const lost = new Promise<Lost>((resolve) => (resolveLost = resolve));
  // A last answer and the end that follows it come in one turn; the answer says more, so it goes first.
  const lose = (error: unknown): void => void setImmediate(() => resolveLost({ _tag: 'Lost', error }));
  // Attached before anything happens: an error event without a listener would end the process.
  connection.on('error', lose);
  connection.once('end', () => lose(Object.assign(new Error('closed'), { code: 'ECONNECTION' })));

  const converse = <T>(run: (send: Send) => Promise<T>): Promise<T | Lost> => {
    const done = new Promise<T | Lost>((resolve) => {
      const running: Run = async (send) => {
        resolve(await run(send));
      };
      // Called back with an error only when the connection is gone already.
      connection.login({ method: conversation, run: running }, (error) => {
        if (error) resolve({ _tag: 'Lost', error });
      });
    });
    return Promise.race([done, lost]);
  };

  return {
    begin: () => {
      if (options.heard.length > 0) socket.unshift(options.heard);
      const begun = new Promise<Answered | Lost>((resolve) => {
        connection.connect((error) => {
          resolve(error === undefined ? answered(connection.lastServerResponse) : { _tag: 'Lost', error });
        });
      });
      return Promise.race([begun, lost]);
    },
    converse,
    sendAhead: (lines) => {
      const answers = lines.map(() => {
        let resolve: (answer: Answered | Lost) => void = () => undefined;
        return { answer: new Promise<Answered | Lost>((settle) => (resolve = settle)), resolve: () => resolve };
      });
      void converse(async (send) => {
        // The library writes each line in a turn of its own; they go out together.
        socket.cork();
        const sent = lines.map(async (line, index) => answers[index]?.resolve()(await send(line)));
        setImmediate(() => socket.uncork());
        await Promise.all(sent);
      });
      return answers.map(({ answer }) => Promise.race([answer, lost]));
    },
    destroy: () => {
      connection.close();
      socket.destroy();
    },
  };
};
