import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { erased } from '../../kernel/personal.ts';
import { defaultDeployment } from '../../settings/deployment.ts';
import type { MailChannel } from '../../values/index.ts';
import type { ChannelFacts, EndpointFacts, MissingFacts, ReadinessFacts } from './facts.ts';
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

  test.each<[string, ReadinessFacts, string | null]>([
    ['MailboxDeactivated', ready({ active: false }), 'InvalidConfiguration'],
    ['AddressMissing', ready({ address: null, approval: 'empty' }), 'InvalidConfiguration'],
    ['AddressErased', ready({ address: erased }), 'InvalidConfiguration'],
    ['ProfileMissing', ready({ profile: null }), 'InvalidConfiguration'],
    [
      'ProfileDeactivated',
      ready({ profile: { active: false, endpoints: { incoming: endpoint(), outgoing: endpoint() } } }),
      'InvalidConfiguration',
    ],
    [
      'ServerMissing',
      ready({ profile: { active: true, endpoints: { incoming: null, outgoing: endpoint() } } }),
      'InvalidConfiguration',
    ],
    ['AnonymousNotPossible', withEndpoint({ credentials: 'anonymous' }), 'InvalidConfiguration'],
    ['WindowsIntegratedNotAvailable', withEndpoint({ credentials: 'windowsIntegrated' }), 'AuthMechanismUnsupported'],
    ['ProtocolNotAvailable', withEndpoint({ authentication: 'ntlm' }), 'AuthMechanismUnsupported'],
    ['ProtocolNotAvailable', withEndpoint({ authentication: 'negotiate' }), 'AuthMechanismUnsupported'],
    ['ProfileCredentialsMissing', withEndpoint({ credentials: 'profile' }), 'InvalidConfiguration'],
    [
      'ProfileCredentialsNotAllowed',
      withEndpoint(
        { credentials: 'profile', hasProfileCredentials: true },
        { deployment: { ...defaultDeployment, allowProfileCredentialsForIncoming: false } },
      ),
      'InvalidConfiguration',
    ],
    [
      'PortNotAllowed',
      withEndpoint({ port: 143 }, { deployment: { ...defaultDeployment, ports: [993] } }),
      'TargetNotAllowed',
    ],
    ['EncryptionRequired', withEndpoint({ tls: 'none' }), 'InvalidConfiguration'],
    [
      'BasicNeedsEncryption',
      withEndpoint({ tls: 'none', authentication: 'basic' }, { deployment: { ...strict, allowUnencrypted: true } }),
      'InvalidConfiguration',
    ],
    ['NotEncrypted', withEndpoint({ tls: 'none' }, { deployment: { ...strict, allowUnencrypted: true } }), null],
    ['ApprovalPending', ready({ approval: 'pending' }), null],
    ['ApprovalRejected', ready({ approval: 'rejected', approvalRequired: false }), null],
  ])('finds %s', (key, facts, kind) => {
    const findings = preflight(facts);
    expect(keysOf(findings)).toEqual([key]);
    expect(findings[0]?.outcome?.kind ?? null).toBe(kind);
    expect(findings[0]?.severity).toBe(kind === null ? 'warning' : 'error');
    expect(stoppedBy(findings, 'incoming')?.kind ?? null).toBe(kind);
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

  test.each<[string, Partial<ChannelFacts>]>([
    ['TestMissing', { status: 'notRun', enabled: false }],
    ['TestFailed', { status: 'failure', enabled: false, advice: 'Enter the password again.' }],
    ['RetryWaiting', { status: 'failure', nextAttemptAt: '2026-01-01T09:05:00.000Z' }],
    ['Paused', { status: 'failure', paused: true, nextAttemptAt: '2026-01-01T09:05:00.000Z' }],
    ['EnablingMissing', { enabled: false }],
  ])('%s', (key, incoming) => expect(keysOf(missing(tested(ready(), { incoming })))).toEqual([key]));

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
