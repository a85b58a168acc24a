import { type Channel, MailboxId, ProfileId } from '@mailroom/domain';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChannelRow, MailboxRow } from '../views/mailbox-row.ts';
import type { ProfileRow } from '../views/profile-row.ts';
import { failuresOf } from './failures.ts';

const uuid = (n: number): string => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const instant = (minute: number): string => new Date(Date.UTC(2026, 0, 1, 9, minute)).toISOString();
const profiles = [1, 2].map((n) => ProfileId.orThrow(uuid(n)));
const profileOf = (id: string): ProfileRow | undefined =>
  profiles.some((known) => known === id)
    ? ({
        profileId: id,
        name: `Profile ${id.slice(-1)}`,
        serverType: id === profiles[0] ? 'imap-smtp' : 'pop3-smtp',
        incoming: { host: 'in.example.org', port: 993 },
        outgoing: { host: 'out.example.org', port: 587 },
      } as ProfileRow)
    : undefined;

const working = { failure: null, paused: false, testedAt: instant(0), nextAttemptAt: null } as ChannelRow;

/** A channel that failed first at one minute and last at another. */
const failing = fc
  .record({
    kind: fc.constantFrom('InvalidCredentials', 'CertificateExpired'),
    since: fc.nat(30),
    later: fc.nat(29),
    retriedIn: fc.option(fc.nat(30)),
    paused: fc.boolean(),
  })
  .map(({ kind, since, later, retriedIn, paused }) => ({
    ...working,
    paused,
    testedAt: instant(since + later),
    nextAttemptAt: retriedIn === null ? null : instant(since + later + retriedIn),
    failure: {
      kind,
      phase: 'auth',
      disposition: kind === 'InvalidCredentials' ? ('permanent' as const) : ('transient' as const),
      scope: kind === 'InvalidCredentials' ? ('mailbox' as const) : ('profile' as const),
      field: null,
      since: instant(since),
    },
  }));
const channel: fc.Arbitrary<ChannelRow> = fc.option(failing, { nil: working });

const mailboxes = fc.array(
  fc.record({
    active: fc.boolean(),
    organizationId: fc.constantFrom('contoso', 'fabrikam'),
    profileId: fc.constantFrom(null, ...profiles),
    incoming: channel,
    outgoing: channel,
  }),
  { maxLength: 20 },
);

/** Every failure by itself, with the name of the problem that it is. */
const oneByOne = (rows: readonly MailboxRow[]) =>
  rows
    .filter(({ active }) => active)
    .flatMap(({ organizationId, profileId, channels }) =>
      (['incoming', 'outgoing', 'act'] satisfies Channel[]).flatMap((name) => {
        const { failure, testedAt, nextAttemptAt, paused } = channels[name];
        if (failure === null) return [];
        const problem = [organizationId, profileId, name, failure.kind].join(' ');
        return [{ problem, since: failure.since, testedAt: testedAt ?? '', nextAttemptAt, paused }];
      }),
    );

test('every failure of a mailbox in service is counted in one group: that of its server, channel and kind', () => {
  fc.assert(
    fc.property(mailboxes, (generated) => {
      const rows = generated.map(
        ({ incoming, outgoing, ...row }, n) =>
          ({
            ...row,
            mailboxId: MailboxId.orThrow(uuid(n)),
            channels: { incoming, outgoing, act: working },
          }) as MailboxRow,
      );
      const groups = failuresOf(rows, profileOf);
      const failures = oneByOne(rows);
      expect(new Set(groups.map(({ failureKey }) => failureKey)).size).toBe(groups.length);
      expect(groups).toHaveLength(new Set(failures.map(({ problem }) => problem)).size);
      for (const group of groups) {
        const problem = [group.organizationId, group.profileId, group.channel, group.kind].join(' ');
        const those = failures.filter((one) => one.problem === problem);
        const retries = those.flatMap(({ nextAttemptAt }) => (nextAttemptAt === null ? [] : [nextAttemptAt]));
        expect(group).toMatchObject({
          mailboxes: those.length,
          paused: those.filter(({ paused }) => paused).length,
          since: those.map(({ since }) => since).sort()[0],
          newest: those
            .map(({ testedAt }) => testedAt)
            .sort()
            .at(-1),
          nextAttemptAt: retries.sort()[0] ?? null,
        });
      }
    }),
  );
});

test('the server is the one of the channel, with its protocol and the port in effect', () => {
  const failure = { kind: 'InvalidCredentials', disposition: 'permanent', scope: 'mailbox', since: instant(1) };
  const failed = { ...working, failure } as ChannelRow;
  const on = (profileId: ProfileId | null) =>
    failuresOf(
      [
        {
          active: true,
          organizationId: 'contoso',
          profileId,
          channels: { incoming: failed, outgoing: failed, act: working },
        } as MailboxRow,
      ],
      profileOf,
    ).map(({ channel, endpoint, profileName }) => ({ channel, endpoint, profileName }));
  const outgoing = { protocol: 'smtp', host: 'out.example.org', port: 587 };
  const incoming = (protocol: string) => ({ protocol, host: 'in.example.org', port: 993 });
  expect(on(profiles[0] ?? null)).toEqual([
    { channel: 'incoming', endpoint: incoming('imap'), profileName: 'Profile 1' },
    { channel: 'outgoing', endpoint: outgoing, profileName: 'Profile 1' },
  ]);
  expect(on(profiles[1] ?? null)).toEqual([
    { channel: 'incoming', endpoint: incoming('pop3'), profileName: 'Profile 2' },
    { channel: 'outgoing', endpoint: outgoing, profileName: 'Profile 2' },
  ]);
  expect(on(null)).toEqual([
    { channel: 'incoming', endpoint: null, profileName: null },
    { channel: 'outgoing', endpoint: null, profileName: null },
  ]);
});
