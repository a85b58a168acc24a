import fc from 'fast-check';
import { expect, test } from 'vitest';
import { derivedId } from '../kernel/derived-id.ts';
import { replay } from '../kernel/decider.ts';
import { contextOf } from '../testing/contexts.ts';
import { change, create, credentials } from '../testing/profiles.ts';
import { runsOf } from '../testing/test-size.ts';
import { Host, isPortAllowed, type MailChannel, type PortPolicy } from '../values/index.ts';
import * as Profile from './index.ts';

const host = fc.constantFrom(...['a.example', 'b.example', 'A.example'].map((name) => Host.orThrow(name)));
const endpoint = fc.record(
  {
    host,
    port: fc.constantFrom<number | 'automatic'>('automatic', 993, 143, 465, 587, 25, 2525),
    tls: fc.constantFrom('tls', 'starttls', 'none'),
    authentication: fc.constantFrom('autoDetect', 'negotiate', 'ntlm', 'basic', 'oauth'),
    credentials: fc.constantFrom('mailbox', 'profile', 'profile', 'windowsIntegrated', 'anonymous', 'oauth'),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Profile.EndpointInput>;
const connection: fc.Arbitrary<Profile.ConnectionInput> = fc.record(
  {
    incoming: fc.option(endpoint, { freq: 8 }),
    outgoing: fc.option(endpoint, { freq: 8 }),
    sameSettingsForOutgoing: fc.boolean(),
    loginTemplate: fc.constantFrom(null, '{mailbox}*{user}', '{user}'),
  },
  { requiredKeys: [] },
);
const rules: fc.Arbitrary<Profile.ProfileRules> = fc.record({
  ports: fc.constantFrom<PortPolicy>('unrestricted', 'commercial-2025', [993, 465, 2525]),
  allowUnencrypted: fc.boolean(),
  allowBasicAuthenticationUnencrypted: fc.boolean(),
  allowCredentialsOverInsecureChannel: fc.constant(false),
  allowDirectoryAuthentication: fc.boolean(),
  allowProfileCredentialsForIncoming: fc.boolean(),
});
type Step =
  | { readonly _tag: 'Change'; readonly connection: Profile.ConnectionInput; readonly rules: Profile.ProfileRules }
  | { readonly _tag: 'Credentials'; readonly channel: MailChannel };
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ _tag: fc.constant('Change' as const), connection, rules }),
  fc.record({
    _tag: fc.constant('Credentials' as const),
    channel: fc.constantFrom<MailChannel>('incoming', 'outgoing'),
  }),
);

const channels: readonly MailChannel[] = ['incoming', 'outgoing'];
const hostsOf = (state: Profile.Existing, account: MailChannel): readonly string[] =>
  channels
    .filter((channel) => state.connection[channel]?.credentials === 'profile')
    .filter((channel) => Profile.accountChannel(channel, state.connection) === account)
    .map((channel) => state.connection[channel]!.host.toLowerCase());

const touches = ['ProfileConnectionChanged', 'ProfileCredentialsSet', 'ProfileCredentialsCleared'];

/** Runs the steps and looks at the state after each one that was accepted. */
const lives = (
  look: (after: Profile.Existing, before: Profile.Existing, events: readonly Profile.Event[], step: Step) => void,
): void =>
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
      const start = create({ incoming: { host: Host.orThrow('a.example'), credentials: 'profile' } });
      const first = Profile.decider.decide(start, Profile.decider.initialState);
      if (first._tag === 'Left') throw new Error(first.left._tag);
      let state = replay(Profile.decider, first.right) as Profile.Existing;
      const history: Profile.Event[] = [...first.right];
      for (const [index, one] of steps.entries()) {
        const context = contextOf({ commandId: derivedId('command', String(index)) });
        const command: Profile.Command =
          one._tag === 'Change'
            ? { ...change(one.connection), rules: one.rules, context }
            : { ...credentials(one.channel, state.secretVersions[one.channel] + 1), context };
        const decision = Profile.decider.decide(command, state);
        if (decision._tag === 'Left') continue;
        const next = replay<Profile.Event, Profile.State>(Profile.decider, decision.right, state) as Profile.Existing;
        look(next, state, decision.right, one);
        history.push(...decision.right);
        state = next;
      }
      expect(replay(Profile.decider, history)).toEqual(state);
    }),
    { numRuns: runsOf({ small: 300, ci: 1000, full: 10_000 }) },
  );

test('what is saved is what the rules of that moment allow', () =>
  lives(({ connection }, _before, events, one) => {
    if (one._tag !== 'Change' || events.length === 0) return;
    const { rules: allowed } = one;
    expect([connection.incoming, connection.outgoing]).not.toEqual([null, null]);
    for (const channel of channels) {
      const saved = connection[channel];
      if (saved === null) continue;
      expect(isPortAllowed(allowed.ports, saved.port)).toBe(true);
      expect(saved.tls === 'none' && !allowed.allowUnencrypted).toBe(false);
      expect(saved.credentials).not.toBe('anonymous');
      const isDirectory =
        saved.credentials === 'windowsIntegrated' || ['negotiate', 'ntlm'].includes(saved.authentication);
      expect(isDirectory && (channel === 'incoming' || !allowed.allowDirectoryAuthentication)).toBe(false);
    }
    if (connection.sameSettingsForOutgoing && connection.incoming !== null && connection.outgoing !== null) {
      expect(connection.outgoing.credentials).toBe(connection.incoming.credentials);
    }
  }));

test('the configuration counts every event that touches connection or credentials, one by one', () =>
  lives((after, before, events) => {
    const counted = events.filter(({ type }) => touches.includes(type));
    expect(counted.map(({ data }) => (data as { configuration: number }).configuration)).toEqual(
      counted.map((_, index) => before.configuration + index + 1),
    );
    expect(after.configuration).toBe(before.configuration + counted.length);
  }));

test('a stored account is only ever sent to hosts it was entered for, and only where it is used', () => {
  const enteredFor: Record<MailChannel, readonly string[]> = { incoming: [], outgoing: [] };
  lives((after, _before, _events, one) => {
    if (one._tag === 'Credentials') enteredFor[one.channel] = hostsOf(after, one.channel);
    for (const channel of channels) {
      if (after.accounts[channel] === null) continue;
      const hosts = hostsOf(after, channel);
      expect(hosts.length).toBeGreaterThan(0);
      for (const name of hosts) expect(enteredFor[channel]).toContain(name);
    }
  });
});

test('a chosen port stays until another one is chosen or it is given back', () =>
  lives((after, before, _events, one) => {
    for (const channel of channels) {
      const was = before.connection[channel];
      const is = after.connection[channel];
      if (was?.portSource !== 'chosen' || is === null) continue;
      const asked = one._tag === 'Change' ? one.connection[channel]?.port : undefined;
      if (asked === undefined) expect([is.port, is.portSource]).toEqual([was.port, 'chosen']);
    }
  }));

test('every event is read back as it was written', () =>
  lives((_after, _before, events) => {
    for (const event of events) {
      const stored = JSON.parse(JSON.stringify(Profile.events.encode(event))) as ReturnType<
        typeof Profile.events.encode
      >;
      expect(Profile.events.decode(stored)).toEqual({ _tag: 'Right', right: event });
    }
  }));
