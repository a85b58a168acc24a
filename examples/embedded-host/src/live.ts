import type { ActingMailroom } from '@mailroom/projections/host';
import type { Context } from 'hono';
import { streamSSE } from 'hono/streaming';

// #region live
/**
 * What this person may see, as it happens: the steps of checks, the own alerts wall and mailboxes whenever they change.
 * Ends when the browser leaves or the application stops.
 */
export const live = (c: Context, me: ActingMailroom, stopping: AbortSignal): Response => {
  const response = streamSSE(c, async (stream) => {
    const left = new AbortController();
    stream.onAbort(() => left.abort());
    const signal = AbortSignal.any([left.signal, stopping]);
    const send = (event: string, data: unknown): Promise<void> =>
      stream.writeSSE({ event, data: JSON.stringify(data) });

    const checks = async (): Promise<void> => {
      for await (const activity of me.checks({ signal })) await send('check', activity);
    };
    const rows = async (view: 'alerts' | 'mailboxes'): Promise<void> => {
      for await (const found of me.watch(view, { signal })) {
        if (found._tag === 'Right') await send(view, found.right.rows);
      }
    };
    await Promise.all([checks(), rows('alerts'), rows('mailboxes')]);
  });
  // Or a server that stops would wait for the connection of a stream that has ended.
  response.headers.set('connection', 'close');
  return response;
};
// #endregion live
