import { EventStoreDBClient } from '@eventstore/db-client';

import { politely } from './patience.ts';

const FAREWELL_MS = 1_000;

/** What the client keeps for itself. */
interface Internals {
  handleError?: (client: unknown, error: unknown) => Promise<void>;
  readonly getChannel?: () => Promise<{ readonly close: () => void }>;
}

/**
 * A client that does not end the process. It looks at the error of every call on its own account, and waits for its next
 * connection to do so; nobody hears when there is none, as while a whole cluster is down.
 */
export function newClient(connectionString: string): EventStoreDBClient {
  const client = EventStoreDBClient.connectionString(connectionString);
  const internals = client as unknown as Internals;
  const { handleError } = internals;
  if (handleError !== undefined) {
    internals.handleError = async (...args) => await handleError(...args).catch(() => undefined);
  }
  return client;
}

/** `dispose` cancels streams only; the channel behind it would keep its socket for half an hour. */
export async function retire(client: EventStoreDBClient): Promise<void> {
  await politely(FAREWELL_MS, client.dispose());
  const { getChannel } = client as unknown as Internals;
  if (getChannel === undefined) return;
  await politely(
    FAREWELL_MS,
    getChannel().then((channel) => channel.close()),
  );
}
