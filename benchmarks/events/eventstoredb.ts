import { randomUUID } from 'node:crypto';
import { EventStoreDBClient, eventTypeFilter, jsonEvent, NO_STREAM, START } from '@eventstore/db-client';
import { type EventStore, type NewEvent, repository, StreamName } from '@mailroom/domain';
import { eventStoreDb } from '@mailroom/event-store-eventstoredb';
import { type Bench, type Figure, type Options, perSecond, ratio, spent } from '../support/measure.ts';
import { aggregate, command, mailboxIds, newEvents } from './workload.ts';

const appends = 2000;
const readEvents = 10_000;
const followedEvents = 100_000;

const streamOf = (id: string): StreamName => StreamName.orThrow(`mailbox-${id}`);

/** The event as the bare client takes it, with the same JSON. */
const clientEvent = ({ id, type, data, metadata }: NewEvent) =>
  jsonEvent({ id, type, data, metadata: { ...metadata } });

const isRight = (result: { readonly _tag: 'Left' | 'Right' }): void => {
  if (result._tag === 'Left') throw new Error(JSON.stringify(result));
};

/** So many pieces of work by so many callers, each awaiting its own; pieces a millisecond. */
const callers = async (howMany: number, work: readonly (() => Promise<void>)[]): Promise<number> => {
  let next = 0;
  const caller = async (): Promise<void> => {
    for (let mine = work[next++]; mine !== undefined; mine = work[next++]) await mine();
  };
  const { wall } = await spent(() => Promise.all(Array.from({ length: howMany }, caller)));
  return work.length / wall;
};

const credentials = { username: 'admin', password: 'changeit' };

/** Appends of one event to a new stream each; the bare client with credentials, so that both use the same call. */
const appending = async (store: EventStore, client: EventStoreDBClient, options: Options) => {
  const figures: Figure[] = [];
  for (const howMany of [1, 64]) {
    const given = () =>
      mailboxIds(howMany === 1 ? appends / 4 : appends).map((id, n) => ({ id, events: newEvents(id, n, 1) }));
    const bare = () =>
      callers(
        howMany,
        given().map(({ id, events }) => async () => {
          const to = { expectedRevision: NO_STREAM, credentials } as const;
          await client.appendToStream(streamOf(id), events.map(clientEvent), to);
        }),
      );
    const add = async (name: string, ours: () => Promise<number>): Promise<void> => {
      const result = await ratio(options, ours, bare);
      const note = `${perSecond(result.ours)} · bare client ${perSecond(result.limit)}`;
      figures.push({ name: `eventstoredb.${name}.c${howMany}.vsClient`, value: result.ratio, note });
    };
    await add('append', () =>
      callers(
        howMany,
        given().map(
          ({ id, events }) =>
            async () =>
              isRight(await store.append(streamOf(id), 'noStream', events)()),
        ),
      ),
    );

    const commands = repository({ store });
    const warm = mailboxIds(1000);
    let n = 0;
    for (const id of warm) isRight(await commands.execute(aggregate, command(id, (n += 1)))());
    await add('command', () => {
      const ready = given().map((_, index) => command(warm[index % warm.length] ?? '', (n += 1)));
      return callers(
        howMany,
        ready.map((each) => async () => isRight(await commands.execute(aggregate, each)())),
      );
    });
  }
  return figures;
};

const reading = async (store: EventStore, client: EventStoreDBClient, options: Options): Promise<Figure> => {
  const id = randomUUID();
  for (let from = 0; from < readEvents; from += 500) {
    isRight(await store.append(streamOf(id), from === 0 ? 'noStream' : from - 1, newEvents(id, from, 500))());
  }
  const result = await ratio(
    options,
    async () => {
      const { wall } = await spent(async () => isRight(await store.readStream(streamOf(id))()));
      return readEvents / wall;
    },
    async () => {
      const { wall } = await spent(
        () =>
          new Promise<void>((resolve, reject) => {
            const stream = client.readStream(streamOf(id), { fromRevision: START, credentials });
            stream.on('error', reject).on('end', resolve);
            stream.on('data', () => undefined);
          }),
      );
      return readEvents / wall;
    },
  );
  const note = `${perSecond(result.ours)} events · bare client ${perSecond(result.limit)}`;
  return { name: 'eventstoredb.read.vsClient', value: result.ratio, note };
};

const subscribing = async (store: EventStore, client: EventStoreDBClient, options: Options): Promise<Figure> => {
  // A type of its own: the server may hold anything else.
  const type = `MailboxChecked${randomUUID().replaceAll('-', '')}`;
  const ids = mailboxIds(followedEvents / 500);
  for (const id of ids) {
    const events = newEvents(id, 0, 500).map((event) => ({ ...event, type }));
    isRight(await store.append(streamOf(id), 'noStream', events)());
  }
  const result = await ratio(
    options,
    async () => {
      const { wall } = await spent(async () => {
        const stop = new AbortController();
        for await (const item of store.subscribe({ after: 'start', types: [type], signal: stop.signal })) {
          if (item._tag === 'Left') throw new Error(item.left._tag);
          if (item.right._tag === 'CaughtUp') stop.abort();
        }
      });
      return followedEvents / wall;
    },
    async () => {
      const { wall } = await spent(
        () =>
          new Promise<void>((resolve, reject) => {
            const filter = eventTypeFilter({ prefixes: [type] });
            const subscription = client.subscribeToAll({ fromPosition: START, filter, credentials });
            subscription.on('error', reject).on('caughtUp', () => {
              subscription.unsubscribe().then(resolve, reject);
            });
            subscription.on('data', () => undefined);
          }),
      );
      return followedEvents / wall;
    },
  );
  const note = `${perSecond(result.ours)} events · bare client ${perSecond(result.limit)}`;
  return { name: 'eventstoredb.subscribe.vsClient', value: result.ratio, note };
};

/** Only against a real server, named by `EVENTSTOREDB_URL`; without one there is no figure. */
export const eventStoreDbBenches: readonly Bench[] =
  process.env['EVENTSTOREDB_URL'] === undefined
    ? []
    : [
        {
          names: [
            ...[1, 64].flatMap((n) => ['append', 'command'].map((name) => `eventstoredb.${name}.c${n}.vsClient`)),
            'eventstoredb.read.vsClient',
            'eventstoredb.subscribe.vsClient',
          ],
          run: async (options) => {
            const connectionString = process.env['EVENTSTOREDB_URL'] ?? '';
            const store = eventStoreDb({ connectionString });
            const client = EventStoreDBClient.connectionString(connectionString);
            try {
              return [
                ...(await appending(store, client, options)),
                await reading(store, client, options),
                await subscribing(store, client, options),
              ];
            } finally {
              await store.close();
              await client.dispose();
            }
          },
        },
      ];
