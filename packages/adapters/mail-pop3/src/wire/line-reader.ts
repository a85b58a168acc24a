import type { Socket } from 'node:net';

/** Why there is no further line. */
export type NoLine = 'closed' | 'reset' | 'tooLong' | 'aborted';

type LineResult = { readonly _tag: 'Line'; readonly line: Buffer } | { readonly _tag: 'None'; readonly why: NoLine };

/** Bytes that may wait unread before the peer is stopped: a hostile server must not fill the memory. */
const highWater = 65_536;

/** Reads a connection line by line. What comes unasked is kept up to a limit, the rest stays in the network. */
export interface LineReader {
  /**
   * The next line without its end (CR LF, or LF alone as some servers send), at most `maxBytes` long. One call at a
   * time. The `peek` is told the first bytes of a line that is not complete yet, and may say that no line will come.
   */
  readonly next: (maxBytes: number, signal: AbortSignal, peek?: (first: Buffer) => boolean) => Promise<LineResult>;
  /** What has arrived and was not read. */
  readonly rest: () => Buffer;
  /** Stops reading and leaves the socket to somebody else. */
  readonly detach: () => void;
}

const lf = 0x0a;
const cr = 0x0d;

const none = (why: NoLine): LineResult => ({ _tag: 'None', why });

/** A reader of this socket from now on. Nothing else may read it until `detach`. */
export const createLineReader = (socket: Socket): LineReader => {
  let chunks: Buffer[] = [];
  let buffered = 0;
  let ended: NoLine | null = null;
  let wake: () => void = () => undefined;

  const onData = (chunk: Buffer): void => {
    chunks.push(chunk);
    buffered += chunk.length;
    // Not after every chunk: starting to read again costs as much as a line.
    if (buffered > highWater) socket.pause();
    wake();
  };
  const onError = (error: NodeJS.ErrnoException): void => {
    ended ??= error.code === 'ECONNRESET' || error.code === 'EPIPE' ? 'reset' : 'closed';
    wake();
  };
  const onClose = (): void => {
    ended ??= 'closed';
    wake();
  };
  socket.on('data', onData);
  socket.on('error', onError);
  socket.on('end', onClose);
  socket.on('close', onClose);

  const whole = (): Buffer => {
    if (chunks.length > 1) chunks = [Buffer.concat(chunks, buffered)];
    return chunks[0] ?? Buffer.alloc(0);
  };
  const keep = (rest: Buffer): void => {
    chunks = rest.length > 0 ? [rest] : [];
    buffered = rest.length;
  };
  let watched: AbortSignal | null = null;
  const onAbort = (): void => wake();
  /** Listens once for all lines that are read with the same signal. */
  const watch = (signal: AbortSignal | null): void => {
    if (signal === watched) return;
    watched?.removeEventListener('abort', onAbort);
    signal?.addEventListener('abort', onAbort);
    watched = signal;
  };
  const more = (signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      wake = resolve;
      watch(signal);
      if (socket.isPaused()) socket.resume();
    });

  return {
    next: async (maxBytes, signal, peek) => {
      let searched = 0;
      for (;;) {
        // Only what is new is searched, and it is joined only when a line end is in it: lines may come byte by byte.
        const newest = chunks.at(-1);
        const hasEnd = searched === 0 ? chunks.some((chunk) => chunk.includes(lf)) : newest?.includes(lf) === true;
        if (hasEnd) {
          const all = whole();
          const end = all.indexOf(lf);
          if (end > maxBytes) return none('tooLong');
          keep(all.subarray(end + 1));
          return { _tag: 'Line', line: all.subarray(0, end > 0 && all[end - 1] === cr ? end - 1 : end) };
        }
        if (buffered > maxBytes) return none('tooLong');
        if (buffered > 0 && searched === 0 && peek?.(whole()) === false) return none('tooLong');
        searched = buffered;
        if (signal.aborted) return none('aborted');
        if (ended !== null) return none(ended);
        await more(signal);
      }
    },
    rest: () => whole(),
    detach: () => {
      watch(null);
      socket.pause();
      socket.off('data', onData);
      socket.off('error', onError);
      socket.off('end', onClose);
      socket.off('close', onClose);
    },
  };
};
