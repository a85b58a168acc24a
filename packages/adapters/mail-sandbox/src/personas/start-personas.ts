import { type Accounts, createAccounts } from '../accounts/account.ts';
import { createMessageStore, type MessageStore } from '../accounts/message-store.ts';
import { createCertificates } from '../certificates/create-certificates.ts';
import type { Certificates } from '../certificates/certificates.ts';
import { flavoured } from '../flavours/flavours.ts';
import { startImapServer } from '../imap/imap-server.ts';
import { startPop3Server } from '../pop3/pop3-server.ts';
import { startSmtpServer } from '../smtp/smtp-server.ts';
import type { CounterStore } from '../wire/counters.ts';
import { createCounters } from '../wire/counters.ts';
import type { RunningServer, TlsMode } from '../wire/line-server.ts';
import { closedPort } from '../wire/ports.ts';
import { personaAccounts } from './persona-accounts.ts';
import { type Persona, type PersonaServer, personaServers } from './persona.ts';
import { personas } from './personas.ts';

/** What `startPersonas` can be told. */
export interface PersonaOptions {
  /** Where to listen; default 127.0.0.1. The certificates must name it. */
  readonly host?: string;
  /** Ports to use again, such as `ports` of an earlier run. One that is taken is replaced. */
  readonly ports?: Readonly<Partial<Record<PersonaServer, number>>>;
  /** Default: new ones, for localhost, 127.0.0.1 and ::1. */
  readonly certificates?: Certificates;
  /** Keeps how often a failure that heals was shown, over restarts. */
  readonly counters?: CounterStore;
}

/** A direction of a running persona. */
export interface RunningEndpoint {
  readonly protocol: 'imap' | 'pop3' | 'smtp';
  readonly host: string;
  readonly port: number;
  readonly tls: TlsMode;
}

/** A persona whose servers run. */
export interface RunningPersona extends Omit<Persona, 'profile'> {
  readonly profile: { readonly name: string; readonly incoming: RunningEndpoint; readonly outgoing: RunningEndpoint };
}

/** The running demonstration. */
export interface RunningPersonas {
  readonly personas: readonly RunningPersona[];
  /** PEM of the authority to trust. */
  readonly ca: string;
  readonly certificates: Certificates;
  readonly ports: Readonly<Record<PersonaServer, number>>;
  /** Servers that did not get the port they were asked to use. */
  readonly moved: readonly PersonaServer[];
  /** Their transcripts; there is none for `down`. */
  readonly servers: Readonly<Record<Exclude<PersonaServer, 'down'>, RunningServer>>;
  readonly accounts: Accounts;
  readonly store: MessageStore;
  /** Stops every server. */
  close(): Promise<void>;
}

/**
 * Starts the servers of all personas. Rejects, with everything stopped again, when a server cannot listen for
 * another reason than a taken port.
 */
export const startPersonas = async (options: PersonaOptions = {}): Promise<RunningPersonas> => {
  const host = options.host ?? '127.0.0.1';
  const certificates = options.certificates ?? (await createCertificates());
  const accounts = createAccounts(personaAccounts());
  const store = createMessageStore();
  for (const { address } of accounts.all()) store.deliver(address, welcome(address));
  const counters = createCounters(options.counters);
  const { good, expired } = certificates.leafs;
  const common = { host, accounts, store, counters };
  const starters: Readonly<Record<Exclude<PersonaServer, 'down'>, (port: number) => Promise<RunningServer>>> = {
    imap: (port) => startImapServer({ ...common, port, tls: 'tls', certificate: good }),
    pop3: (port) => startPop3Server({ ...common, port, tls: 'starttls', certificate: good }),
    smtp: (port) => startSmtpServer({ ...common, port, tls: 'starttls', certificate: good }),
    gmailImap: (port) =>
      startImapServer({ ...common, ...flavoured('gmail', 'imap'), port, tls: 'tls', certificate: good }),
    gmailSmtp: (port) =>
      startSmtpServer({ ...common, ...flavoured('gmail', 'smtp'), port, tls: 'tls', certificate: good }),
    expiredImap: (port) => startImapServer({ ...common, port, tls: 'tls', certificate: expired }),
    expiredSmtp: (port) => startSmtpServer({ ...common, port, tls: 'starttls', certificate: expired }),
  };

  const running = new Map<PersonaServer, RunningServer>();
  const ports = new Map<PersonaServer, number>();
  const closeAll = async (): Promise<void> => {
    await Promise.all([...running.values()].map((server) => server.close()));
  };
  try {
    // Those with a port of their own first: a free port that the system hands out must not be one of theirs.
    const asked = (name: PersonaServer): number => options.ports?.[name] ?? 0;
    for (const name of [...personaServers].sort((a, b) => Number(asked(a) === 0) - Number(asked(b) === 0))) {
      if (name === 'down') {
        ports.set(name, await closedPort(host, options.ports?.down));
        continue;
      }
      const server = await starters[name](asked(name)).catch((error: unknown) => {
        if (asked(name) === 0 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
        return starters[name](0);
      });
      running.set(name, server);
      ports.set(name, server.port);
    }
  } catch (error) {
    await closeAll();
    throw error;
  }

  const portOf = (name: PersonaServer): number => ports.get(name) ?? 0;
  return {
    personas: personas.map((persona) => ({
      ...persona,
      profile: {
        name: persona.profile.name,
        incoming: endpoint(persona.profile.incoming, host, portOf),
        outgoing: endpoint(persona.profile.outgoing, host, portOf),
      },
    })),
    ca: certificates.ca,
    certificates,
    ports: Object.fromEntries(personaServers.map((name) => [name, portOf(name)])) as Record<PersonaServer, number>,
    moved: personaServers.filter((name) => options.ports?.[name] !== undefined && options.ports[name] !== portOf(name)),
    servers: Object.fromEntries(running) as Record<Exclude<PersonaServer, 'down'>, RunningServer>,
    accounts,
    store,
    close: closeAll,
  };
};

const endpoint = (
  { protocol, server, tls }: Persona['profile']['incoming'],
  host: string,
  portOf: (name: PersonaServer) => number,
): RunningEndpoint => ({ protocol, host, port: portOf(server), tls });

const welcome = (address: string): string =>
  [
    'From: Mail Sandbox <postmaster@example.test>',
    `To: <${address}>`,
    'Subject: Welcome',
    `Message-ID: <welcome.${address}>`,
    'Date: Tue, 03 Nov 2026 10:00:00 +0000',
    '',
    'This mailbox lives in memory.',
    '',
  ].join('\r\n');
