import type { Socket } from 'node:net';

/** What reading a line ended with. */
export type LineResult =
  | { readonly _tag: 'Line'; readonly text: string }
  /** The peer closed or reset the connection; `error` is Node's, or null after an orderly end. */
  | { readonly _tag: 'Closed'; readonly error: Error | null; readonly pending: Buffer }
  /** The signal was aborted first. */
  | { readonly _tag: 'Stopped'; readonly pending: Buffer }
  /** No line end within the limit. */
  | { readonly _tag: 'TooLong'; readonly pending: Buffer };

/** Lines of a text protocol on an open socket, before a library takes the socket over. */
export interface LineChannel {
  /**
   * The next line, without its line end, bytes as Latin-1. `isHopeless` sees what has come of the line so far: when it
   * says true, no line is waited for any more (`TooLong`), for example because these are bytes of TLS.
   */
  readonly read: (signal: AbortSignal, isHopeless?: (pending: Buffer) => boolean) => Promise<LineResult>;
  readonly write: (text: string) => void;
  /** Stops reading and gives back what has come and was not read. The socket is paused, its listeners are removed. */
  readonly release: () => Buffer;
}

/** Longest line that is waited for. Real answers have a few hundred bytes. */
const maxLineBytes = 65_536;

/** Reads lines from a socket. One reader at a time. */
export const lineChannel = (socket: Socket): LineChannel => {
  let pending: Buffer = Buffer.alloc(0);
  let closed = false;
  let error: Error | null = null;
  let wake: () => void = () => undefined;
  let watched: AbortSignal | null = null;
  const onAbort = (): void => wake();
  /** Listens once for all lines that are read with the same signal. */
  const watch = (signal: AbortSignal): void => {
    if (signal === watched) return;
    watched?.removeEventListener('abort', onAbort);
    signal.addEventListener('abort', onAbort);
    watched = signal;
  };

  const onData = (chunk: Buffer): void => {
    pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
    // A peer that talks without end is read no faster than its lines are asked for.
    if (pending.length > maxLineBytes) socket.pause();
    wake();
  };
  const onError = (cause: Error): void => {
    error = cause;
    onClose();
  };
  const onClose = (): void => {
    closed = true;
    wake();
  };
  socket.on('data', onData);
  socket.on('error', onError);
  socket.on('end', onClose);
  socket.on('close', onClose);

  const take = (isHopeless: (pending: Buffer) => boolean): LineResult | null => {
    const end = pending.indexOf(0x0a);
    if (end === -1 || end > maxLineBytes) {
      if (pending.length > maxLineBytes || (pending.length > 0 && isHopeless(pending))) {
        return { _tag: 'TooLong', pending };
      }
      return closed ? { _tag: 'Closed', error, pending } : null;
    }
    const text = pending.toString('latin1', 0, pending[end - 1] === 0x0d ? end - 1 : end);
    pending = pending.subarray(end + 1);
    if (pending.length <= maxLineBytes && socket.isPaused()) socket.resume();
    return { _tag: 'Line', text };
  };

  return {
    read: async (signal, isHopeless = () => false) => {
      for (;;) {
        const taken = take(isHopeless);
        if (taken !== null) return taken;
        if (signal.aborted) return { _tag: 'Stopped', pending };
        watch(signal);
        await new Promise<void>((resolve) => (wake = resolve));
      }
    },
    write: (text) => void socket.write(text, 'utf8'),
    release: () => {
      socket.off('data', onData);
      socket.off('error', onError);
      socket.off('end', onClose);
      socket.off('close', onClose);
      watched?.removeEventListener('abort', onAbort);
      watched = null;
      socket.pause();
      const rest = pending;
      pending = Buffer.alloc(0);
      return rest;
    },
  };
};
