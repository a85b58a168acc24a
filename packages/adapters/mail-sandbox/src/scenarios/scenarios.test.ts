import { describe, expect, test } from 'vitest';
import { behaviours } from '../behaviours/catalogue.ts';
import { failureKinds, truthOf } from '../behaviours/failure-kind.ts';
import { naiveCheck, type Observation } from '../test-support/naive-check.ts';
import type { Scenario } from './scenario.ts';
import { clientScenarios } from '../testing/client-scenarios.ts';
import { occursIn } from '../testing/occurs.ts';
import { scenarios } from './scenarios.ts';

/** Kinds that cannot occur in every protocol, with those in which they can; all others must occur in all three. */
const protocols = ['smtp', 'imap', 'pop3'] as const;

test.each(failureKinds)('%s has a scenario in each protocol it can occur in, and in no other', (kind) => {
  const found = protocols.filter((protocol) => scenarios.some((one) => one.kind === kind && one.protocol === protocol));
  // A refusal before any connection is no matter of a server's.
  const byClient = protocols.filter((protocol) => clientScenarios(protocol).some(({ truth }) => truth.kind === kind));
  expect([...new Set([...found, ...byClient])].sort()).toEqual([...occursIn(kind)].sort());
});

test('names are unique and start with the protocol', () => {
  expect(new Set(scenarios.map(({ name }) => name)).size).toBe(scenarios.length);
  expect(scenarios.filter(({ name, protocol }) => !name.startsWith(`${protocol}-`))).toEqual([]);
});

/** Where a client must hang up to see that nothing comes. */
const silentAt = (name: string): string | undefined => {
  if (/-silent$|-silent-after-tls$|-tls-expected$/.test(name)) return 'greeting';
  if (name.endsWith('-silent-at-login')) return 'auth';
  if (/-handshake-silent-/.test(name)) return 'tls';
  return undefined;
};

const observe = async (scenario: Scenario, split?: 'byte'): Promise<Observation> => {
  const running = await scenario.start(split === undefined ? {} : { split });
  try {
    return await naiveCheck(scenario, running, silentAt(scenario.name));
  } finally {
    await running.close();
  }
};

/** A scripted line as it arrives, whatever fills its placeholders. */
const arrives = (lines: readonly string[]): RegExp =>
  new RegExp(lines.map((line) => line.replace(/[.*+?^$()|[\]\\]/g, '\\$&').replace(/\{\w+\}/g, '.*')).join('\\s+'));

/** An answer without the part of it that is new each time: the timestamp for APOP. */
const lasting = (outcome: string): string => outcome.replace(/<[^>]+>/, '<>');

interface Expectation {
  readonly stage: RegExp;
  readonly outcome: RegExp;
  readonly injected?: RegExp;
}

/** What the bytes of a scenario must look like to a client that judges nothing. */
const expectations: readonly (readonly [RegExp, Expectation])[] = [
  [/^(smtp|imap|pop3)-refused$/, { stage: /^connect$/, outcome: /^ECONNREFUSED$/ }],
  [/-reset-in-handshake$/, { stage: /^tls$/, outcome: /^ECONNRESET$/ }],
  [/-reset-at-login$/, { stage: /^auth$/, outcome: /^ECONNRESET$/ }],
  [/-reset$/, { stage: /^(connect|greeting)$/, outcome: /^ECONNRESET$/ }],
  [/-closed-before-greeting(-tls)?$/, { stage: /^greeting$/, outcome: /^closed$/ }],
  [/-(silent|silent-after-tls|tls-expected)$/, { stage: /^greeting$/, outcome: /^closed$/ }],
  [/-(closed|silent)-at-login$/, { stage: /^auth$/, outcome: /^closed$/ }],
  [/-plain-text-on-tls-port$/, { stage: /^tls$/, outcome: /^ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG)$/ }],
  [/-smtp-on-port-/, { stage: /^greeting$/, outcome: /^220 / }],
  [/-imap-on-port-/, { stage: /^greeting$/, outcome: /^\* OK / }],
  [/-pop3-on-port-/, { stage: /^greeting$/, outcome: /^\+OK / }],
  [/-http-on-port$/, { stage: /^greeting$/, outcome: /^HTTP\/1\.1 408/ }],
  [/-ssh-on-port$/, { stage: /^greeting$/, outcome: /^SSH-2\.0/ }],
  [/^smtp-greeting-/, { stage: /^greeting$/, outcome: /^(554|521|421) / }],
  [/^imap-greeting-/, { stage: /^greeting$/, outcome: /^\* BYE / }],
  [/^pop3-greeting-/, { stage: /^greeting$/, outcome: /^-ERR / }],
  [/-malformed-greeting$/, { stage: /^greeting$/, outcome: /^banana/ }],
  [/-certificate-expired-/, { stage: /^tls$/, outcome: /^CERT_HAS_EXPIRED$/ }],
  [/-certificate-not-yet-valid-/, { stage: /^tls$/, outcome: /^CERT_NOT_YET_VALID$/ }],
  [/-certificate-wrong-host-/, { stage: /^tls$/, outcome: /^ERR_TLS_CERT_ALTNAME_INVALID$/ }],
  [/-certificate-other-authority-with-root-/, { stage: /^tls$/, outcome: /^SELF_SIGNED_CERT_IN_CHAIN$/ }],
  [
    /-certificate-(other-authority|missing-intermediate)-/,
    { stage: /^tls$/, outcome: /^UNABLE_TO_VERIFY_LEAF_SIGNATURE$/ },
  ],
  [/-certificate-self-signed-/, { stage: /^tls$/, outcome: /^DEPTH_ZERO_SELF_SIGNED_CERT$/ }],
  [/-certificate-wrong-purpose-/, { stage: /^tls$/, outcome: /^INVALID_PURPOSE$/ }],
  [/-certificate-revoked-/, { stage: /^tls$/, outcome: /^CERT_REVOKED$/ }],
  [/-certificate-expiring-soon-|-not-encrypted$/, { stage: /^end$/, outcome: /^done$/ }],
  [/-starttls-missing$/, { stage: /^starttls$/, outcome: /^not offered$/ }],
  [/-starttls-refused-/, { stage: /^starttls$/, outcome: /^(454 4\.7\.0|n1 NO|n1 BAD|-ERR) / }],
  [/-starttls-injection$/, { stage: /^end$/, outcome: /^done$/, injected: /./ }],
  [/-old-tls-/, { stage: /^tls$/, outcome: /^ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION$/ }],
  [/-no-common-cipher-/, { stage: /^tls$/, outcome: /^ERR_SSL_(SSLV3|SSL\/TLS)_ALERT_HANDSHAKE_FAILURE$/ }],
  [/-handshake-fails-/, { stage: /^tls$/, outcome: /^ERR_SSL_TLSV1_ALERT_INTERNAL_ERROR$/ }],
  [/-handshake-silent-/, { stage: /^tls$/, outcome: /^ECONNRESET$/ }],
  [/^smtp-wrong-password/, { stage: /^auth$/, outcome: /^535 5\.7\.8 / }],
  [/^imap-wrong-password/, { stage: /^auth$/, outcome: /^n\d NO \[AUTHENTICATIONFAILED\]/ }],
  [/^pop3-wrong-password/, { stage: /^auth$/, outcome: /^-ERR \[AUTH\]/ }],
  [/^smtp-no-known-mechanism$/, { stage: /^auth$/, outcome: /^504 5\.5\.4 / }],
  [/^imap-no-known-mechanism$/, { stage: /^auth$/, outcome: /^LOGINDISABLED$/ }],
  [/^pop3-no-known-mechanism$/, { stage: /^auth$/, outcome: /^-ERR \[AUTH\] Unsupported/ }],
  [/^smtp-token-/, { stage: /^auth$/, outcome: /^535 / }],
  [/^imap-token-expired-bye$/, { stage: /^auth$/, outcome: /^\* BYE Session invalidated - AccessTokenExpired$/ }],
  [/^imap-token-/, { stage: /^auth$/, outcome: /^n\d NO \[AUTHENTICATIONFAILED\]/ }],
  [/^pop3-token-/, { stage: /^auth$/, outcome: /^-ERR \[AUTH\]/ }],
  [/^smtp-clear-530$/, { stage: /^auth$/, outcome: /^530 5\.7\.0 Must issue/ }],
  [/^smtp-clear-538$/, { stage: /^auth$/, outcome: /^538 5\.7\.11 / }],
  [/^smtp-clear-523$/, { stage: /^auth$/, outcome: /^523 5\.7\.10 / }],
  [/^imap-clear-login-disabled$/, { stage: /^auth$/, outcome: /^LOGINDISABLED$/ }],
  [/^imap-clear-privacy-required$/, { stage: /^auth$/, outcome: /NO \[PRIVACYREQUIRED\]/ }],
  [/^pop3-clear-refused$/, { stage: /^auth$/, outcome: /^-ERR \[AUTH\] Plaintext/ }],
  [/^imap-preauth$/, { stage: /./, outcome: /./ }],
  [/^pop3-no-login$/, { stage: /^auth$/, outcome: /^-ERR/ }],
  [/^smtp-no-auth/, { stage: /^auth$/, outcome: /^503 / }],
  [
    /^imap-authenticated-not-connected$/,
    { stage: /^namespace$/, outcome: /BAD User is authenticated but not connected/ },
  ],
  [/^pop3-login-delay-announced$/, { stage: /^auth$/, outcome: /^-ERR \[LOGIN-DELAY\]/ }],
  [/^imap-almost-full$/, { stage: /^end$/, outcome: /^done$/ }],
  [/^pop3-no-uidl$/, { stage: /^uidl$/, outcome: /^-ERR/ }],
  [/^pop3-no-top$/, { stage: /^top$/, outcome: /^-ERR/ }],
  [/^pop3-expires-at-once$|^smtp-small-size$/, { stage: /^end$/, outcome: /^done$/ }],
  [/^smtp-sender-not-owned-at-mail$/, { stage: /^mail$/, outcome: /^553 5\.7\.1 / }],
  [/^smtp-sender-not-owned-at-rcpt$/, { stage: /^rcpt$/, outcome: /^553 5\.7\.1 / }],
  [/^smtp-sender-not-owned-at-content$/, { stage: /^content$/, outcome: /^554 5\.2\.252 SendAsDenied/ }],
  [/^smtp-(message-(lost|in-junk|late|taken)|sender-rewritten)$/, { stage: /^end$/, outcome: /^done$/ }],
];

/** The step of the naive check at which a behaviour steps in. */
const stages: Readonly<Record<string, RegExp>> = {
  auth: /^auth$/,
  MAIL: /^mail$/,
  RCPT: /^rcpt$/,
  CONTENT: /^content$/,
  SELECT: /^select$/,
  STATUS: /^status$/,
  STORE: /^delete$/,
  STAT: /^stat$/,
  DELE: /^delete$/,
};

const expectationOf = (scenario: Scenario): Expectation | undefined => {
  const behaviour = behaviours.find(({ name }) => name === scenario.name);
  const rule = behaviour?.rules[0];
  if (rule === undefined) return expectations.find(([pattern]) => pattern.test(scenario.name))?.[1];
  if (rule.reaction.do !== 'reply') return undefined;
  const at = typeof rule.at === 'string' ? rule.at : (rule.at[0] ?? '');
  return { stage: stages[at] ?? /$^/, outcome: arrives(rule.reaction.lines) };
};

const conversational = scenarios.filter(({ name }) => !/-(endless-line|unanswered)$/.test(name));

describe('what arrives at the client', () => {
  test.each(conversational.map((scenario) => [scenario.name, scenario] as const))('%s', async (_, scenario) => {
    const expectation = expectationOf(scenario);
    if (expectation === undefined) throw new Error('every scenario needs an expectation');
    const whole = await observe(scenario);
    expect(whole.stage).toMatch(expectation.stage);
    expect(whole.outcome).toMatch(expectation.outcome);
    expect(whole.injected).toMatch(expectation.injected ?? /^$/);
    const split = await observe(scenario, 'byte');
    expect([split.stage, lasting(split.outcome)]).toEqual([whole.stage, lasting(whole.outcome)]);
    expect(split.injected).toBe(whole.injected);
  });

  test('hanging up is a way to see silence: a server that answers is still heard', async () => {
    const scenario = scenarios.find(({ name }) => name === 'imap-not-encrypted');
    const running = await scenario?.start();
    if (scenario === undefined || running === undefined) throw new Error('the scenario exists');
    for (const stage of ['greeting', 'auth']) {
      const { text } = await naiveCheck(scenario, running, stage);
      expect(text).toMatch(stage === 'auth' ? /n2 OK/ : /^\* OK/);
    }
    await running.close();
  });

  test.each(protocols)('%s: an endless line is long, starts like the protocol, and never ends', async (protocol) => {
    const scenario = scenarios.find(({ name }) => name === `${protocol}-endless-line`);
    const running = await scenario?.start({ split: { every: 65_536 } });
    if (scenario === undefined || running?.server === undefined) throw new Error('the scenario exists');
    const { server } = running;
    const check = naiveCheck({ ...scenario, tls: 'none' }, running);
    await server.transcript.seen(({ from, line }) => from === 'server' && line.includes('bytes'));
    await running.close();
    const { text } = await check;
    expect(text).not.toContain('\n');
    expect({ smtp: '220 x', imap: '* OK x', pop3: '+OK x' }[protocol]).toBe(text.slice(0, text.indexOf('x') + 1));
  });

  test.runIf(process.platform === 'linux')('a deaf port never lets a connection be established', async () => {
    const running = await scenarios.find(({ name }) => name === 'smtp-unanswered')?.start();
    if (running === undefined) throw new Error('the scenario exists');
    const check = naiveCheck({ protocol: 'smtp', tls: 'none', needs: [] }, running);
    // A listener with room would have completed the handshake long before the second turn of the event loop.
    for (const _ of [1, 2, 3]) await new Promise((resolve) => setImmediate(resolve));
    await running.close();
    expect((await check).stage).toBe('connect');
  });
});

test('the truth of a scenario is that of its kind, unless it says otherwise', () => {
  const different = scenarios.filter(({ kind, truth }) => truth.disposition !== truthOf(kind).disposition);
  expect(different.map(({ name }) => name).sort()).toEqual([
    'smtp-mailbox-full-for-now',
    'smtp-recipient-for-now',
    'smtp-sender-rejected-for-now',
    'smtp-small-size',
  ]);
});
