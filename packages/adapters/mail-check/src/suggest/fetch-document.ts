import type { Failure } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { type IncomingMessage, request } from 'node:http';
import type { Socket } from 'node:net';
import type { Connector } from '../connect/connector-types.ts';
import { checkAnonymously } from './anonymous-check.ts';
import { hostNamed } from './host-name.ts';

/** Gets a document by https; null for everything but a document. Never rejects. */
export type FetchDocument = (url: URL, signal: AbortSignal) => Promise<string | null>;

export interface FetchOptions {
  /** The one port that is asked; default 443. */
  readonly port?: number;
  /** For one document with all of its redirects, in milliseconds; default 8,000. */
  readonly deadlineMs?: number;
}

/** Longest document that is read. Real ones have some 2,000 bytes. */
const maxBytes = 102_400;
const maxRedirects = 3;

type Answer = { readonly document: string } | { readonly location: string } | null;

const body = (response: IncomingMessage): Promise<string | null> =>
  new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    response.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length > maxBytes) response.destroy();
    });
    response.on('error', () => undefined);
    response.on('close', () =>
      resolve(response.complete && length <= maxBytes ? Buffer.concat(chunks).toString() : null),
    );
  });

const answerOf = async (response: IncomingMessage): Promise<Answer> => {
  const { statusCode = 0, headers } = response;
  if ([301, 302, 303, 307, 308].includes(statusCode) && headers.location !== undefined) {
    return { location: headers.location };
  }
  // Nothing was offered to be decoded: a small answer must not grow.
  const isPlain = (headers['content-encoding'] ?? 'identity') === 'identity';
  const document = statusCode === 200 && isPlain ? await body(response) : null;
  return document === null ? null : { document };
};

/** One request over a connection that is open and encrypted already. */
const ask = (socket: Socket, url: URL, signal: AbortSignal): Promise<Answer> =>
  new Promise((resolve) => {
    const asking = request({
      createConnection: () => socket,
      host: url.hostname,
      path: `${url.pathname}${url.search}`,
      headers: {
        host: url.host,
        accept: 'text/xml, application/xml',
        'accept-encoding': 'identity',
        connection: 'close',
      },
      signal,
    });
    asking.on('error', () => resolve(null));
    asking.on('response', (response) => {
      void answerOf(response).then((answer) => {
        asking.destroy();
        resolve(answer);
      });
    });
    asking.end();
  });

/**
 * Documents by https over the connector: each host, also that of a redirect, goes through the address policy, is pinned,
 * and has to show a valid certificate. Only the one port is asked, and at most 100 kB are read.
 */
export const createFetchDocument = (connector: Connector, options: FetchOptions = {}): FetchDocument => {
  const { port = 443, deadlineMs = 8_000 } = options;

  const once = async (url: URL, remainingMs: number, signal: AbortSignal): Promise<Answer> => {
    const host = hostNamed(url.hostname);
    if (url.protocol !== 'https:' || url.port !== '' || url.username !== '' || host === null) return null;
    let answer: Answer = null;
    const report = await checkAnonymously(
      // Any protocol: the connection is all that is asked of the connector.
      { protocol: 'imap', host, port, tls: 'tls', deadlineMs: remainingMs },
      ['policy', 'dns', 'connect', 'tls', 'capability'],
      async (check): Promise<E.Either<Failure, void>> => {
        const opened = await connector.open(check);
        if (E.isLeft(opened)) return opened;
        return check.step('capability', {
          limitMs: remainingMs,
          onTimeout: 'DeadlineExceeded',
          run: async (step) => {
            answer = await ask(opened.right.socket, url, step.signal);
            return E.right(undefined);
          },
        });
      },
      signal,
    );
    return report.failure === null ? answer : null;
  };

  return async (url, signal) => {
    const started = performance.now();
    let next = url;
    for (let hop = 0; hop <= maxRedirects; hop += 1) {
      const remainingMs = Math.floor(deadlineMs - (performance.now() - started));
      if (remainingMs <= 0 || signal.aborted) return null;
      const answer = await once(next, remainingMs, signal);
      if (answer === null || 'document' in answer) return answer?.document ?? null;
      if (!URL.canParse(answer.location, next.href)) return null;
      next = new URL(answer.location, next);
    }
    return null;
  };
};
