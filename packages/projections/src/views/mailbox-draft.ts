import { type Channel, erased, type MailboxEvent } from '@mailroom/domain';
import type { ChannelRow, Evidence, MailboxRow } from './mailbox-row.ts';

const untested = (method: string): ChannelRow => ({
  method,
  status: 'notRun',
  enabled: false,
  paused: false,
  reason: null,
  failure: null,
  attempt: 0,
  nextAttemptAt: null,
  testedAt: null,
  warnings: [],
  steps: [],
});

/** A copy of a row that nobody else has seen yet. */
export type Draft = { -readonly [Field in keyof MailboxRow]: MailboxRow[Field] };

/** Gives the draft another value for this channel. */
export const setChannel = (draft: Draft, channel: Channel, change: Partial<ChannelRow>): void => {
  const channels: Record<Channel, ChannelRow> = { ...draft.channels };
  channels[channel] = { ...channels[channel], ...change };
  draft.channels = channels;
};

const noEvidence = '{}';

/** Keeps what a failure of this channel was told with; null: there is none any more. */
export const setEvidence = (draft: Draft, channel: Channel, found: Evidence[Channel] | null): void => {
  const isNone = found === null || found === undefined;
  if (isNone && draft.evidence === noEvidence) return;
  const before: Evidence = draft.evidence === erased ? {} : (JSON.parse(draft.evidence) as Evidence);
  const { [channel]: _before, ...others } = before;
  draft.evidence = JSON.stringify(isNone ? others : { ...others, [channel]: found });
};

export const iso = (date: Date | null): string | null => date?.toISOString() ?? null;
export const approvalOf = (address: string | null): MailboxRow['approval'] => (address === null ? 'empty' : 'pending');

/** The row of a mailbox that was registered just now. */
export const registered = (
  data: Extract<MailboxEvent, { readonly type: 'MailboxRegistered' }>['data'],
  at: string,
): MailboxRow => ({
  mailboxId: data.mailboxId,
  organizationId: data.organizationId,
  personId: data.personId,
  kind: data.kind,
  regardingId: data.regardingId,
  ownerKind: data.ownerKind,
  ownerId: data.ownerId,
  name: data.name,
  address: data.address,
  active: true,
  approval: approvalOf(data.address),
  profileId: data.profileId,
  userName: null,
  secretVersion: null,
  secretId: null,
  secretExpiresOn: null,
  processEmailFrom: null,
  processEmailFromSource: null,
  channels: { incoming: untested(data.incoming), outgoing: untested(data.outgoing), act: untested(data.act) },
  test: null,
  testMessage: null,
  evidence: noEvidence,
  registeredAt: at,
  changedAt: at,
});

/** What a channel is after a test that it passed. */
export const passed = (
  testedAt: string,
  steps: ChannelRow['steps'],
  warnings: ChannelRow['warnings'],
): Partial<ChannelRow> => ({
  status: 'success',
  reason: null,
  failure: null,
  attempt: 0,
  nextAttemptAt: null,
  testedAt,
  steps,
  warnings,
});
/** Not Run, as if nothing had been tested. */
export const fresh = {
  status: 'notRun',
  failure: null,
  attempt: 0,
  nextAttemptAt: null,
  warnings: [],
  steps: [],
} as const;
