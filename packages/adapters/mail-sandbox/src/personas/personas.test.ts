import { connect } from 'node:net';
import { afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FailureKind } from '../behaviours/failure-kind.ts';
import type { Certificates } from '../certificates/certificates.ts';
import { createCertificates } from '../certificates/create-certificates.ts';
import { naiveCheck } from '../test-support/naive-check.ts';
import { startLineServer } from '../wire/line-server.ts';
import type { DirectionTruth } from './persona.ts';
import { personas } from './personas.ts';
import { type PersonaOptions, type RunningPersona, type RunningPersonas, startPersonas } from './start-personas.ts';

let certificates: Certificates;
beforeAll(async () => {
  certificates = await createCertificates();
});
const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.close()));
});
const start = async (options: PersonaOptions = {}): Promise<RunningPersonas> => {
  const started = await startPersonas({ certificates, ...options });
  running.push(started);
  return started;
};

const check = (sandbox: RunningPersonas, persona: RunningPersona, direction: 'incoming' | 'outgoing') => {
  const { protocol, host, port, tls } = persona.profile[direction];
  const { userName, password, address } = persona;
  const given = { host, port, tls, ca: sandbox.ca, crl: sandbox.certificates.crl, userName, password, address };
  return naiveCheck({ protocol, tls, needs: [] }, { ...given, close: () => Promise.resolve() });
};

/** What a client sees when the truth is this kind. */
const seen: Readonly<Partial<Record<FailureKind, RegExp>>> = {
  InvalidCredentials: /^auth (n\d NO \[AUTHENTICATIONFAILED\]|535 5\.7\.8)/,
  AppPasswordRequired: /^auth .*Application-specific password required/,
  CertificateExpired: /^tls CERT_HAS_EXPIRED$/,
  ConnectionRefused: /^connect ECONNREFUSED$/,
  ProtocolMismatch: /^greeting \* OK /,
  MailboxInUse: /^auth -ERR \[IN-USE\]/,
  AuthTemporarilyUnavailable: /^auth n\d NO \[UNAVAILABLE\]/,
  SenderNotOwned: /^rcpt 553 5\.7\.1 .* not owned/,
};
const expected = (truth: DirectionTruth): RegExp =>
  truth.status === 'success' ? /^end done$/ : (seen[truth.kind] ?? /$^/);

describe('each persona does what its truth says', () => {
  test.each(personas.map(({ id }) => id))('%s', async (id) => {
    const sandbox = await start();
    const persona = sandbox.personas.find((one) => one.id === id);
    if (persona === undefined) throw new Error('the persona runs');
    for (const direction of ['incoming', 'outgoing'] as const) {
      const truth = persona.truth[direction];
      const healsAfter = truth.status === 'failure' ? truth.healsAfter : undefined;
      for (let failures = 0; failures < (healsAfter ?? 1); failures += 1) {
        const { stage, outcome } = await check(sandbox, persona, direction);
        expect(`${stage} ${outcome}`).toMatch(expected(truth));
      }
      if (healsAfter !== undefined) expect((await check(sandbox, persona, direction)).outcome).toBe('done');
    }
  });
});

test('personas cover what a demonstration shows, each with its own address', () => {
  const kinds = personas.flatMap(({ truth }) =>
    [truth.incoming, truth.outgoing].map((one) => (one.status === 'success' ? 'works' : one.kind)),
  );
  expect(new Set(kinds)).toEqual(new Set(['works', ...Object.keys(seen)]));
  expect(new Set(personas.map(({ address }) => address)).size).toBe(personas.length);
});

describe('a restart', () => {
  test('uses the ports it is given again, and says which it had to replace', async () => {
    const first = await start();
    const { ports } = first;
    await first.close();
    const occupant = await startLineServer({ port: ports.smtp }, () => Promise.resolve());
    running.push(occupant);
    const second = await start({ ports });
    expect(second.moved).toEqual(['smtp']);
    expect({ ...second.ports, smtp: ports.smtp }).toEqual(ports);
    expect(second.ports.smtp).not.toBe(ports.smtp);
    expect(second.ca).toBe(first.ca);
  });

  test('goes on with the failures it had shown', async () => {
    let saved: Readonly<Record<string, number>> = {};
    const counters = {
      load: () => Promise.resolve(saved),
      save: (counts: Readonly<Record<string, number>>) => {
        saved = counts;
        return Promise.resolve();
      },
    };
    const outcomes: string[] = [];
    for (const _ of ['failed', 'healed']) {
      const sandbox = await start({ counters });
      const persona = sandbox.personas.find(({ id }) => id === 'heals-on-retry');
      if (persona === undefined) throw new Error('the persona runs');
      outcomes.push((await check(sandbox, persona, 'incoming')).stage);
      await sandbox.close();
    }
    expect(outcomes).toEqual(['auth', 'end']);
  });
});

test('close() frees every port and may be called twice', async () => {
  const sandbox = await start();
  await sandbox.close();
  await sandbox.close();
  for (const port of Object.values(sandbox.ports)) {
    const code = await new Promise((resolve) => {
      connect({ host: '127.0.0.1', port }).once('error', (error: NodeJS.ErrnoException) => resolve(error.code));
    });
    expect(code).toBe('ECONNREFUSED');
  }
});
