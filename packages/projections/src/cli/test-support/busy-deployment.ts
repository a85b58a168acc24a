import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mailboxIdOf, OrganizationId, privileges } from '@mailroom/domain';
import {
  type Account,
  type Behaviour,
  behaviour,
  createCertificates,
  hold,
  startImapServer,
  startSmtpServer,
} from '@mailroom/mail-sandbox';
import { type ActingMailroom, openMailroom, orThrow } from '../../host/index.ts';
import { loadStore } from '../../host/load-store.ts';

const organizationId = OrganizationId.orThrow('org-1');
const people = Array.from({ length: 24 }, (_, n) => `person-${n}`);
const addressOf = (person: string): string => `${person}@example.test`;
const boxOf = (person: string): string => mailboxIdOf(organizationId, 'user', person);
const password = 'open-sesame-0815';

/** Every sixth person has a server that is unavailable now and then: their checks are tried again. */
const isUnreliable = (person: string): boolean => Number(person.split('-')[1]) % 6 === 0;

/** Logins by protocol and person, and whoever waits for more of them. */
const createMeter = () => {
  const counts = new Map<string, number>();
  const waiting = new Set<{ left: number; readonly resolve: () => void }>();
  const count = (key: string): number => {
    const now = (counts.get(key) ?? 0) + 1;
    counts.set(key, now);
    for (const one of waiting) {
      one.left -= 1;
      if (one.left > 0) continue;
      waiting.delete(one);
      one.resolve();
    }
    return now;
  };
  return {
    count,
    of: (key: string): number => counts.get(key) ?? 0,
    more: (left: number) => new Promise<void>((resolve) => void waiting.add({ left, resolve })),
  };
};

type Meter = ReturnType<typeof createMeter>;

/** Counts the logins of a person, takes a moment for each, and fails some. */
const behavioursOf = (person: string, meter: Meter): readonly Behaviour[] =>
  (['imap', 'smtp'] as const).map((protocol) => {
    const unavailable = behaviour('imap-auth-unavailable');
    const fails = (): boolean => protocol === 'imap' && isUnreliable(person) && meter.of(`imap ${person}`) % 4 === 1;
    const counts = (): false => {
      meter.count(`${protocol} ${person}`);
      return false;
    };
    return {
      ...unavailable,
      protocol,
      rules: [
        { at: 'auth', when: counts, reaction: hold() },
        ...unavailable.rules.map((rule) => ({ ...rule, when: fails })),
        { at: 'auth', reaction: hold(undefined, 15) },
      ],
    };
  });

const openRuns = async (admin: ActingMailroom): Promise<number> =>
  orThrow(await admin.find('testRuns', { where: { stage: ['requested', 'running'] } })).total;

/** Whether nothing is under way or due, and everything works. */
const isSettled = async (admin: ActingMailroom): Promise<boolean> => {
  const { rows } = orThrow(await admin.find('mailboxes', { limit: 1000 }));
  const works = rows.every(({ test, channels }) =>
    [channels.incoming, channels.outgoing].every(
      ({ status, nextAttemptAt }) => test === null && status === 'success' && nextAttemptAt === null,
    ),
  );
  return works && (await openRuns(admin)) === 0;
};

/** Mailboxes for which nothing will be tried any more, although they do not work. */
const givenUp = async (admin: ActingMailroom): Promise<readonly string[]> => {
  const { rows } = orThrow(await admin.find('mailboxes', { limit: 1000 }));
  return rows
    .filter(({ test, channels }) =>
      [channels.incoming, channels.outgoing].some(
        ({ status, nextAttemptAt }) => test === null && status === 'failure' && nextAttemptAt === null,
      ),
    )
    .map(({ mailboxId }) => mailboxId);
};

/**
 * A host that only gives commands, mailboxes at servers of its own that count logins, and the configuration of a process
 * that carries out everything. All of it in a folder of its own.
 */
export const busyDeployment = async () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailroom-busy-'));
  const at = (name: string): string => join(folder, name);
  const meter = createMeter();
  const accounts = people.map((person): Account => ({
    userName: addressOf(person),
    address: addressOf(person),
    password,
    behaviours: behavioursOf(person, meter),
  }));
  const { ca, leafs } = await createCertificates();
  const wire = { accounts, tls: 'tls', certificate: leafs.good } as const;
  const [imap, smtp] = await Promise.all([startImapServer(wire), startSmtpServer(wire)]);

  const [store, views, vault, vaultKey, configuration] = [
    'events.db',
    'views.db',
    'vault',
    'vault.key',
    'mailroom.json',
  ].map(at) as [string, string, string, string, string];
  writeFileSync(at('ca.pem'), ca);
  writeFileSync(
    configuration,
    JSON.stringify({
      process: { store, views, vault, vaultKey },
      deployment: {
        allowedAddresses: ['127.0.0.0/8'],
        trustedCertificates: ['ca.pem'],
        retry: { firstDelaySeconds: 1, attempts: 100 },
      },
    }),
  );

  const host = await openMailroom({
    store,
    views: 'memory',
    vault: { directory: vault, key: { file: vaultKey } },
    runChecks: false,
  });
  const admin = host.as({ id: 'admin', organizationId, privileges: [...privileges] });
  const server = ({ port }: { readonly port: number }) => ({ host: '127.0.0.1', port, tls: 'tls' as const });
  const profile = { type: 'CreateProfile', name: 'Mail', serverType: 'imap-smtp' } as const;
  const { profileId } = orThrow(
    await admin.execute({ ...profile, incoming: server(imap), outgoing: server(smtp) }),
  ).result;
  for (const person of people) {
    const box = { kind: 'user', regardingId: person, name: person, address: addressOf(person), profileId } as const;
    const methods = { incoming: 'serverSide', outgoing: 'serverSide', act: 'none' } as const;
    orThrow(await admin.execute({ type: 'RegisterMailbox', ...box, ...methods }));
    const credentials = { mailboxId: boxOf(person), userName: addressOf(person), password };
    orThrow(await admin.execute({ type: 'SetMailboxCredentials', ...credentials }));
  }
  orThrow(await admin.execute({ type: 'ApproveMailbox', mailboxIds: people.map(boxOf) }));

  const runs: string[] = [];
  const test = async (mailboxIds: readonly string[]): Promise<void> => {
    const { runId } = orThrow(await admin.execute({ type: 'TestAndEnable', mailboxIds })).result;
    if (runId !== null) runs.push(runId);
  };
  await test(people.map(boxOf));

  return {
    configuration,
    store,
    mailboxes: people.length,
    /** Asks for tests of some mailboxes, at random, as fast as they are carried out. */
    load: (random: () => number) => {
      const stopping = new AbortController();
      const isOver = (): boolean => stopping.signal.aborted;
      const going = (async () => {
        while (!isOver()) {
          const some = people.filter(() => random() < 0.3).map(boxOf);
          if (some.length > 0) await test(some);
          while (!isOver() && (await openRuns(admin)) > 3) await new Promise((resolve) => setTimeout(resolve, 20));
        }
      })();
      return {
        stop: async (): Promise<void> => {
          stopping.abort();
          await going;
        },
      };
    },
    /** Ids of the runs that were begun, in order. */
    runs: (): readonly string[] => [...runs].sort(),
    /** What can be said of every channel. */
    states: async (): Promise<ReadonlySet<string>> => {
      const { rows } = orThrow(await admin.find('mailboxes', { limit: 1000 }));
      const all = rows.flatMap(({ channels }) => [channels.incoming, channels.outgoing]);
      return new Set(all.map(({ status, enabled }) => `${status}, ${enabled ? 'enabled' : 'disabled'}`));
    },
    /** Resolves after so many more logins. */
    logins: meter.more,
    loginsOf: (mailboxId: string, channel: 'incoming' | 'outgoing'): number => {
      const person = people.find((one) => boxOf(one) === mailboxId) ?? '';
      return meter.of(`${channel === 'incoming' ? 'imap' : 'smtp'} ${person}`);
    },
    /** The newest position of the history. */
    head: async (): Promise<string> => {
      const loaded = await loadStore(store);
      const head = await loaded.store.head();
      await loaded.close();
      if (head._tag === 'Left' || head.right === null) throw new Error('the store has no head');
      return head.right;
    },
    /** Resolves when everything that was asked for is done; rejects when `ended` comes first. */
    settled: async (ended: Promise<unknown>): Promise<void> => {
      const end = new AbortController();
      void ended.then(() => end.abort());
      while (!(await isSettled(admin))) {
        if (end.signal.aborted) throw new Error('the process ended by itself');
        // A machine that stands still for long enough makes a time limit of a check look like trouble for a person.
        const failed = await givenUp(admin);
        if (failed.length > 0 && (await openRuns(admin)) === 0) await test(failed);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    close: async (): Promise<void> => {
      await host.close();
      await Promise.all([imap.close(), smtp.close()]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};
