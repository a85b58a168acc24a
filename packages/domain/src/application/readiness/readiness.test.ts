import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erased } from '../../kernel/personal.ts';
import { defaultDeployment } from '../../settings/deployment.ts';
import type { MailChannel } from '../../values/index.ts';
import type { ChannelFacts, EndpointFacts, MissingFacts, ReadinessFacts } from './facts.ts';
import type { Outcome } from './finding.ts';
import { missing } from './missing.ts';
import { preflight, stoppedBy } from './preflight.ts';

const endpoint = (changes: Partial<EndpointFacts> = {}): EndpointFacts => ({
  protocol: 'imap',
  host: 'mail.example.org',
  port: 993,
  tls: 'tls',
  authentication: 'autoDetect',
  credentials: 'mailbox',
  hasProfileCredentials: false,
  ...changes,
});
const withEndpoint = (changes: Partial<EndpointFacts>, facts: Partial<ReadinessFacts> = {}): ReadinessFacts =>
  ready({ profile: { active: true, endpoints: { incoming: endpoint(changes), outgoing: endpoint() } }, ...facts });
const ready = (changes: Partial<ReadinessFacts> = {}): ReadinessFacts => ({
  active: true,
  address: 'ada@example.org',
  approval: 'approved',
  approvalRequired: true,
  hasOwnCredentials: true,
  methods: { incoming: 'serverSide', outgoing: 'serverSide' },
  profile: { active: true, endpoints: { incoming: endpoint(), outgoing: endpoint() } },
  deployment: defaultDeployment,
  ...changes,
});
const works: ChannelFacts = { status: 'success', enabled: true, paused: false, advice: null, nextAttemptAt: null };
const tested = (
  facts: ReadinessFacts,
  channels: Partial<Record<MailChannel, Partial<ChannelFacts>>> = {},
): MissingFacts => ({
  ...facts,
  channels: { incoming: { ...works, ...channels.incoming }, outgoing: { ...works, ...channels.outgoing } },
  testing: [],
});
const keysOf = (findings: readonly { readonly key: string }[]): readonly string[] =>
  findings.map(({ key }) => key.replace('missing.', ''));
const { allowUnencrypted: _, ...strict } = defaultDeployment;

describe('preflight', () => {
  test('has nothing against a mailbox that is complete', () => expect(preflight(ready())).toEqual([]));

  const unusable = (
    setting: string,
    expected: string,
    field: Outcome['field'] = null,
    scope: Outcome['scope'] = 'mailbox',
  ): Outcome => ({ kind: 'InvalidConfiguration', params: { setting, expected }, scope, field });
  const noProvider: Outcome = {
    kind: 'AuthMechanismUnsupported',
    params: { host: 'mail.example.org' },
    scope: 'profile',
    field: 'authentication',
  };
  const direction = 'incoming';
  const authentication = 'incoming.authentication';
  const open = { ...strict, allowUnencrypted: true };

  /** The facts, and of what they lead to: what it is called, which input it is about, in which words, what it stops. */
  test.each<
    readonly [
      key: string,
      facts: ReadinessFacts,
      channel: MailChannel | null,
      field: string,
      params: Readonly<Record<string, unknown>>,
      outcome: Outcome | null,
    ]
  >([
    ['MailboxDeactivated', ready({ active: false }), null, 'active', {}, unusable('mailbox', 'it is deactivated')],
    [
      'NoMethod',
      ready({ methods: { incoming: 'outlook', outgoing: 'none' } }),
      null,
      'method',
      {},
      unusable('method', 'no channel is server-side'),
    ],
    [
      'AddressMissing',
      ready({ address: null, approval: 'empty' }),
      null,
      'address',
      {},
      unusable('email address', 'the mailbox has none', 'address'),
    ],
    [
      'AddressErased',
      ready({ address: erased }),
      null,
      'address',
      {},
      unusable('email address', 'it was erased', 'address'),
    ],
    [
      'ProfileMissing',
      ready({ profile: null }),
      null,
      'profile',
      {},
      unusable('email server profile', 'the mailbox is on none'),
    ],
    [
      'ProfileDeactivated',
      ready({ profile: { active: false, endpoints: { incoming: endpoint(), outgoing: endpoint() } } }),
      null,
      'profile',
      {},
      unusable('email server profile', 'it is deactivated', null, 'profile'),
    ],
    [
      'ServerMissing',
      ready({ profile: { active: true, endpoints: { incoming: null, outgoing: endpoint() } } }),
      direction,
      'incoming',
      { direction },
      unusable('incoming server', 'the profile names none', 'host', 'profile'),
    ],
    [
      'AnonymousNotPossible',
      withEndpoint({ credentials: 'anonymous' }),
      direction,
      authentication,
      { direction },
      unusable('authentication', 'a login is needed', 'authentication', 'profile'),
    ],
    [
      'WindowsIntegratedNotAvailable',
      withEndpoint({ credentials: 'windowsIntegrated' }),
      direction,
      authentication,
      { direction },
      noProvider,
    ],
    ...['ntlm', 'negotiate'].map(
      (protocol) =>
        [
          'ProtocolNotAvailable',
          withEndpoint({ authentication: protocol }),
          direction,
          authentication,
          { direction, protocol },
          noProvider,
        ] as const,
    ),
    [
      'ProfileCredentialsMissing',
      withEndpoint({ credentials: 'profile' }),
      direction,
      'incoming.secret',
      { direction },
      unusable('user name and password', 'the profile has none', 'secret', 'profile'),
    ],
    [
      'ProfileCredentialsNotAllowed',
      withEndpoint(
        { credentials: 'profile', hasProfileCredentials: true },
        { deployment: { ...defaultDeployment, allowProfileCredentialsForIncoming: false } },
      ),
      direction,
      authentication,
      {},
      unusable('authentication', 'each mailbox has to use its own', 'authentication', 'profile'),
    ],
    [
      'OwnCredentialsMissing',
      ready({ hasOwnCredentials: false, methods: { incoming: 'serverSide', outgoing: 'none' } }),
      direction,
      'secret',
      {},
      unusable('user name and password', 'the mailbox has none', 'secret'),
    ],
    [
      'PortNotAllowed',
      withEndpoint({ port: 143 }, { deployment: { ...defaultDeployment, ports: [993] } }),
      direction,
      'incoming.port',
      { direction, port: 143, allowed: '993' },
      {
        kind: 'TargetNotAllowed',
        params: { host: 'mail.example.org', port: 143 },
        scope: 'profile',
        field: 'port',
      },
    ],
    [
      'EncryptionRequired',
      withEndpoint({ tls: 'none' }),
      direction,
      'incoming.tls',
      { direction },
      unusable('encryption', 'this installation allows TLS or STARTTLS only', 'tls', 'profile'),
    ],
    [
      'BasicNeedsEncryption',
      withEndpoint({ tls: 'none', authentication: 'basic' }, { deployment: open }),
      direction,
      'incoming.tls',
      { direction },
      unusable('authentication', 'basic needs TLS or STARTTLS', 'authentication', 'profile'),
    ],
    [
      'NotEncrypted',
      withEndpoint({ tls: 'none' }, { deployment: open }),
      direction,
      'incoming.tls',
      { direction },
      null,
    ],
    [
      'NotEncrypted',
      withEndpoint(
        { tls: 'none', authentication: 'basic' },
        { deployment: { ...open, allowBasicAuthenticationUnencrypted: true } },
      ),
      direction,
      'incoming.tls',
      { direction },
      null,
    ],
    ['ApprovalPending', ready({ approval: 'pending' }), null, 'approval', {}, null],
    ['ApprovalRejected', ready({ approval: 'rejected', approvalRequired: false }), null, 'approval', {}, null],
  ])('finds %s', (key, facts, channel, field, params, outcome) => {
    const findings = preflight(facts);
    const severity = outcome === null ? 'warning' : 'error';
    expect(findings).toMatchObject([{ key: `missing.${key}`, severity, channel, field, text: { params } }]);
    expect(findings[0]?.text.key).toBe(`missing.${key}`);
    expect(findings[0]?.outcome).toEqual(outcome);
    expect(stoppedBy(findings, 'incoming')).toEqual(outcome);
    expect(stoppedBy(findings, 'outgoing')).toEqual(channel === null ? outcome : null);
  });

  test.each<[string, ReadinessFacts]>([
    [
      'credentials of the profile that are there',
      withEndpoint({ credentials: 'profile', hasProfileCredentials: true }),
    ],
    ['OAuth with an account of its own', withEndpoint({ credentials: 'oauth' })],
    ['an approval that nobody asks for', ready({ approval: 'pending', approvalRequired: false })],
    ['a port that is open', withEndpoint({ port: 993 }, { deployment: { ...defaultDeployment, ports: [993] } })],
  ])('has nothing against %s', (_, facts) => expect(preflight(facts)).toEqual([]));

  test('lets a profile lend its credentials for outgoing email where it may not for incoming', () => {
    const own = { credentials: 'profile', hasProfileCredentials: true };
    const deployment = { ...defaultDeployment, allowProfileCredentialsForIncoming: false };
    const profile = { active: true, endpoints: { incoming: endpoint(), outgoing: endpoint(own) } };
    expect(preflight(ready({ deployment, profile }))).toEqual([]);
  });

  test('says nothing of the approval of an address that is not there', () =>
    expect(keysOf(preflight(ready({ address: null, approval: 'pending' })))).toEqual(['AddressMissing']));

  test('tells what is the same for both directions once, about both, and what is not, of each', () => {
    const both = ready({
      hasOwnCredentials: false,
      profile: {
        active: true,
        endpoints: { incoming: endpoint({ tls: 'none' }), outgoing: endpoint({ tls: 'none' }) },
      },
    });
    expect(preflight(both).map(({ key, channel, field }) => [key, channel, field])).toEqual([
      ['missing.EncryptionRequired', 'incoming', 'incoming.tls'],
      ['missing.OwnCredentialsMissing', null, 'secret'],
      ['missing.EncryptionRequired', 'outgoing', 'outgoing.tls'],
    ]);
  });

  test('asks for credentials of its own once, whichever channels need them', () => {
    const findings = preflight(ready({ hasOwnCredentials: false }));
    expect(keysOf(findings)).toEqual(['OwnCredentialsMissing']);
    for (const channel of ['incoming', 'outgoing'] as const) expect(stoppedBy(findings, channel)).not.toBeNull();
  });

  test('reports everything at once', () => {
    const facts = withEndpoint(
      { port: 143, tls: 'none' },
      { active: false, address: null, hasOwnCredentials: false, deployment: { ...defaultDeployment, ports: [993] } },
    );
    expect(keysOf(preflight(facts))).toEqual([
      'MailboxDeactivated',
      'AddressMissing',
      'PortNotAllowed',
      'EncryptionRequired',
      'OwnCredentialsMissing',
    ]);
  });

  test('a finding about one direction does not stop the other', () => {
    const findings = preflight(withEndpoint({ credentials: 'anonymous' }));
    expect(stoppedBy(findings, 'incoming')).not.toBeNull();
    expect(stoppedBy(findings, 'outgoing')).toBeNull();
  });

  test('a channel that is not server-side is nobody’s business', () =>
    expect(
      preflight(withEndpoint({ credentials: 'anonymous' }, { methods: { incoming: 'none', outgoing: 'serverSide' } })),
    ).toEqual([]));
});

describe('what is missing before a mailbox works', () => {
  test('nothing, when it does', () => expect(missing(tested(ready()))).toEqual([]));

  const advice = 'Enter the password again.';
  const at = '2026-01-01T09:05:00.000Z';
  const otherwise = 'Look at the steps of the test.';
  test.each<[string, Partial<ChannelFacts>, Readonly<Record<string, string>>]>([
    ['TestMissing', { status: 'notRun', enabled: false }, { Direction: 'Outgoing' }],
    ['TestFailed', { status: 'failure', enabled: false, advice }, { direction: 'outgoing', advice }],
    ['TestFailed', { status: 'failure', enabled: false }, { direction: 'outgoing', advice: otherwise }],
    ['RetryWaiting', { status: 'failure', nextAttemptAt: at }, { Direction: 'Outgoing', at, advice: otherwise }],
    ['RetryWaiting', { status: 'failure', nextAttemptAt: at, advice }, { Direction: 'Outgoing', at, advice }],
    ['Paused', { status: 'failure', paused: true, nextAttemptAt: at, advice }, { Direction: 'Outgoing', advice }],
    ['EnablingMissing', { enabled: false }, { Direction: 'Outgoing' }],
  ])('%s', (key, outgoing, params) => {
    const text = { key: `missing.${key}`, params };
    const finding = { key: text.key, severity: 'error', channel: 'outgoing', field: null, text, outcome: null };
    expect(missing(tested(ready(), { outgoing }))).toMatchObject([finding]);
  });

  test('each direction is named as it stands in the sentence', () => {
    const never = { status: 'notRun', enabled: false } as const;
    const facts = tested(ready(), { incoming: never, outgoing: never });
    expect(missing(facts).map(({ channel, text }) => [channel, text.sentence])).toEqual([
      ['incoming', 'Incoming email has not been tested. Run Test & Enable.'],
      ['outgoing', 'Outgoing email has not been tested. Run Test & Enable.'],
    ]);
    const [running] = missing({ ...facts, testing: ['outgoing'] }).slice(1);
    expect(running?.text.params).toEqual({ direction: 'outgoing' });
  });

  test('a warning about the connection is not missing: the mailbox works without it', () => {
    const facts = withEndpoint({ tls: 'none' }, { deployment: { ...strict, allowUnencrypted: true } });
    expect(missing(tested(facts))).toEqual([]);
  });

  test('what stops both directions stops the listing of both', () => {
    const never = { status: 'notRun', enabled: false } as const;
    const facts = tested(ready({ active: false }), { incoming: never, outgoing: never });
    expect(keysOf(missing(facts))).toEqual(['MailboxDeactivated']);
  });

  test('a test that is running is waited for', () => {
    const facts = tested(ready(), { incoming: { status: 'notRun', enabled: false } });
    expect(keysOf(missing({ ...facts, testing: ['incoming'] }))).toEqual(['TestRunning']);
  });

  test('the advice about a failure is part of the sentence', () => {
    const [finding] = missing(
      tested(ready(), { incoming: { status: 'failure', advice: 'Enter the password again.' } }),
    );
    expect(finding?.text.sentence).toContain('Enter the password again.');
  });

  test('what stops a test comes first, and its channel is not listed twice; approval comes last', () => {
    const facts = withEndpoint({ credentials: 'profile' }, { approval: 'pending' });
    const never = { status: 'notRun', enabled: false } as const;
    expect(keysOf(missing(tested(facts, { incoming: never, outgoing: never })))).toEqual([
      'ProfileCredentialsMissing',
      'TestMissing',
      'ApprovalPending',
    ]);
  });

  test('a mailbox of which nothing is missing is enabled, approved and active, whatever the facts', () => {
    const channel: fc.Arbitrary<ChannelFacts> = fc.record({
      status: fc.constantFrom('notRun', 'success', 'failure'),
      enabled: fc.boolean(),
      paused: fc.boolean(),
      advice: fc.constantFrom(null, 'Do this.'),
      nextAttemptAt: fc.constantFrom(null, '2026-01-01T09:05:00.000Z'),
    });
    const facts = fc.record({
      active: fc.boolean(),
      approval: fc.constantFrom('pending' as const, 'approved' as const, 'rejected' as const),
      approvalRequired: fc.boolean(),
      hasOwnCredentials: fc.boolean(),
      outgoing: fc.constantFrom('none', 'serverSide'),
      channels: fc.record({ incoming: channel, outgoing: channel }),
    });
    fc.assert(
      fc.property(facts, ({ outgoing, channels, ...rest }) => {
        const all = { ...tested(ready({ ...rest, methods: { incoming: 'serverSide', outgoing } })), channels };
        const asked = outgoing === 'none' ? [channels.incoming] : [channels.incoming, channels.outgoing];
        const isWorking =
          rest.active &&
          rest.hasOwnCredentials &&
          (rest.approval === 'approved' || (!rest.approvalRequired && rest.approval === 'pending')) &&
          asked.every(({ status, enabled, paused }) => status === 'success' && enabled && !paused);
        expect(missing(all).length === 0).toBe(isWorking);
      }),
    );
  });
});
