import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Position, RecordedEvent } from '../kernel/event-store.ts';
import { StreamName } from '../kernel/event-store.ts';
import type * as Mailbox from '../mailbox/index.ts';
import * as Profile from '../profile/index.ts';
import { otherProfileId, profileId } from '../testing/sample-mailbox.ts';
import { runsOf } from '../testing/test-size.ts';
import { derivedId, MailboxId } from '../values/index.ts';
import { alertMail } from './alert-mail.ts';
import type { AlertMailRow } from './alert-mail-row.ts';

// The policy keeps a summary; the oracle looks through everything that ever happened, each time.

type Kind =
  | 'fails'
  | 'works'
  | 'pauses'
  | 'resumes'
  | 'disabled'
  | 'invalidated'
  | 'leaves'
  | 'joins'
  | 'deactivates'
  | 'activates';
interface Happening {
  readonly kind: Kind;
  readonly who: number;
  readonly channel: 'incoming' | 'outgoing';
  readonly at: number;
}

const hour = 60 * 60_000;
const boxes = 4;
const idOf = (who: number): MailboxId => MailboxId.orThrow(derivedId('mailbox', String(who)));

/** Everything that is true of one mailbox after these happenings. */
const standing = (happenings: readonly Happening[], who: number, now: number) => {
  let on = true;
  let active = true;
  const trouble: Record<string, { at: number; paused: boolean } | undefined> = {};
  for (const { kind, channel, at } of happenings.filter((one) => one.who === who)) {
    const before = trouble[channel];
    switch (kind) {
      case 'fails':
        if (on && active)
          trouble[channel] = { at, paused: before !== undefined && counts(before, at) && before.paused };
        break;
      case 'pauses':
        if (on && active)
          trouble[channel] = { at: before !== undefined && counts(before, at) ? before.at : at, paused: true };
        break;
      case 'disabled':
        if (before !== undefined) trouble[channel] = { ...before, paused: false };
        break;
      case 'works':
      case 'resumes':
      case 'invalidated':
        trouble[channel] = undefined;
        break;
      case 'leaves':
      case 'joins':
        on = kind === 'joins';
        trouble['incoming'] = trouble['outgoing'] = undefined;
        break;
      case 'deactivates':
      case 'activates':
        active = kind === 'activates';
        trouble['incoming'] = trouble['outgoing'] = undefined;
        break;
    }
  }
  return {
    counted: on && active,
    failing: Object.values(trouble).some((one) => one !== undefined && counts(one, now)),
  };
};
const counts = ({ at, paused }: { at: number; paused: boolean }, now: number): boolean => paused || now - at < hour;

const isMost = (happenings: readonly Happening[], now: number): boolean => {
  const all = Array.from({ length: boxes }, (_, who) => standing(happenings, who, now)).filter(
    ({ counted }) => counted,
  );
  return all.filter(({ failing }) => failing).length * 2 > all.length;
};

const eventOf = ({ kind, who, channel }: Happening) => {
  const mailboxId = idOf(who);
  const result = { mailboxId, testId: null, channel, profileId } as unknown as Record<string, unknown>;
  const of = (type: string, data: object): Mailbox.Event => ({ type, data: { ...result, ...data } }) as Mailbox.Event;
  switch (kind) {
    case 'fails':
      return of('ChannelTestFailed', { scope: 'profile', kind: 'ConnectTimeout' });
    case 'works':
      return of('ChannelTestSucceeded', {});
    case 'pauses':
      return of('ChannelPaused', { kind: 'ConnectTimeout' });
    case 'resumes':
      return of('ChannelResumed', {});
    case 'disabled':
      return of('ChannelDisabled', {});
    case 'invalidated':
      return of('ChannelTestInvalidated', {});
    case 'leaves':
      return of('MailboxProfileAssigned', { previousProfileId: profileId, profileId: otherProfileId });
    case 'joins':
      return of('MailboxProfileAssigned', { previousProfileId: otherProfileId, profileId });
    case 'deactivates':
      return of('MailboxDeactivated', {});
    case 'activates':
      return of('MailboxActivated', {});
  }
};

const recorded = (at: number, index: number): RecordedEvent =>
  ({
    id: derivedId('event', String(index)),
    stream: StreamName.orThrow('mailbox-1'),
    position: String(index) as Position,
    recordedAt: new Date(at),
    metadata: { correlationId: derivedId('correlation') },
  }) as RecordedEvent;

type Event = Parameters<typeof alertMail.evolve>[1];

const step = fc.record({
  kind: fc.constantFrom<Kind>(
    'fails',
    'fails',
    'fails',
    'works',
    'pauses',
    'resumes',
    'disabled',
    'invalidated',
    'leaves',
    'joins',
    'deactivates',
    'activates',
  ),
  who: fc.nat(boxes - 1),
  channel: fc.constantFrom('incoming' as const, 'outgoing' as const),
  wait: fc.oneof(fc.nat(20 * 60_000), fc.nat(2 * hour)),
});

/** Leaves out what cannot happen: leaving twice, joining while on it, testing what is inactive or elsewhere. */
const possible = (steps: readonly { kind: Kind; who: number; channel: 'incoming' | 'outgoing'; wait: number }[]) => {
  const on = Array.from({ length: boxes }, () => true);
  const active = Array.from({ length: boxes }, () => true);
  const happenings: Happening[] = [];
  let at = Date.UTC(2026, 0, 1);
  for (const { wait, ...one } of steps) {
    at += wait;
    const { kind, who } = one;
    if (kind === 'joins' ? on[who] === true : on[who] !== true) continue;
    if (kind === 'activates' ? active[who] === true : active[who] !== true) continue;
    if (kind === 'leaves' || kind === 'joins') on[who] = kind === 'joins';
    if (kind === 'activates' || kind === 'deactivates') active[who] = kind === 'activates';
    happenings.push({ ...one, at });
  }
  return happenings;
};

test('there is one mail for each time in which most mailboxes fail, whatever happens to them', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const created = { type: 'ProfileCreated', data: { organizationId: 'org-1', alertMail: true, profileId } };
      const registered = Array.from({ length: boxes }, (_, who) => ({
        type: 'MailboxRegistered',
        data: { mailboxId: idOf(who), profileId },
      }));
      let row: AlertMailRow | undefined;
      let index = 0;
      const feed = (event: unknown, at: number): void => {
        row = alertMail.evolve(row, event as Event, profileId, recorded(at, index++));
      };
      for (const event of [created, ...registered]) feed(event, 0);

      const happenings = possible(steps);
      const mails = new Set<string>();
      let episodes = 0;
      let inEpisode = false;
      happenings.forEach((happening, position) => {
        const before = happenings.slice(0, position);
        // Time alone can end an episode, just before something happens.
        if (inEpisode && !isMost(before, happening.at)) inEpisode = false;
        const isNow = isMost([...before, happening], happening.at);
        if (isNow && !inEpisode) episodes += 1;
        inEpisode = isNow;

        feed(eventOf(happening), happening.at);
        if (row === undefined) throw new Error('the profile is there');
        expect(row.episode === null || row.episode.over).toBe(!inEpisode);
        for (const { instruction } of alertMail.intents(row, profileId)) {
          expect(instruction.type).toBe('AnnounceAlertMail');
          mails.add(instruction.episodeId);
        }
      });
      expect(mails.size).toBe(episodes);
    }),
    { numRuns: runsOf({ small: 300, ci: 2000, full: 20_000 }) },
  );
});

test('a profile that is deleted tells nobody', () => {
  const row = alertMail.evolve(
    undefined,
    Profile.ProfileCreated({ profileId, organizationId: 'org-1', alertMail: true } as never),
    profileId,
    recorded(0, 0),
  );
  const deleted = Profile.ProfileDeleted({ profileId, mailboxes: 0 });
  expect(alertMail.evolve(row, deleted, profileId, recorded(0, 1))).toBeUndefined();
});
