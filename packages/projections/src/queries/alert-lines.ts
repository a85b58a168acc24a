import { type Actor, adviceFor, anotherReader, isFailureKind, type Text, textsOf } from '@mailroom/domain';
import { adviceParamsOf } from '../views/advice-params.ts';
import type { AlertRow, DismissalsRow } from '../views/alert-row.ts';
import { expiryKind, offKinds, successKind } from '../views/alert-changes.ts';
import type { MailboxRow } from '../views/mailbox-row.ts';
import type { ProfileRow } from '../views/profile-row.ts';
import type { AlertLine, SettingsStatus } from './rows.ts';

/** What an alert is joined with when somebody looks. */
export interface AlertSources {
  readonly mailboxOf: (mailboxId: string) => MailboxRow | undefined;
  readonly profileOf: (profileId: string) => ProfileRow | undefined;
  readonly mailboxesOn: (profileId: string) => readonly MailboxRow[];
  readonly settingsOf: (organizationId: string) => SettingsStatus;
  /** What last occurred before this instant (ISO) has expired. */
  readonly expiredBefore: string;
  readonly dismissalsOf: (organizationId: string, principalId: string) => DismissalsRow | undefined;
}

/** What an alert says that no failure of a test is behind; the others say the advice about the failure. */
export const say = textsOf('alert', {
  TestSucceeded: 'The mailbox works: every channel that was tested succeeded.',
  AnotherReader:
    'Another reader collects this account as well: they take mail from each other. Ask whoever runs this installation, or collect another account.',
  MailboxDeactivated:
    'The mailbox was deactivated: its email is not processed. Activate it and run Test & Enable when it is wanted again.',
  OwnerDisabled:
    'The mailbox is off, because its user was disabled. When the user is back, activate it and run Test & Enable.',
  ProfileDeactivated:
    'The email server profile was deactivated: no email of the mailboxes on it ({mailboxes}) is processed. Activate it, or put them on another one.',
  ProfileRemoved:
    'The mailbox was taken off its email server profile: its email is not processed. Put it on another one and run Test & Enable.',
  CredentialsExpiring:
    'The password of this mailbox stops working on {day}. Set the new one before then, and run Test & Enable.',
  CredentialsOfProfileExpiring:
    'The password of the profile for {channel} stops working on {day}, for all mailboxes on it ({mailboxes}). Set the new one before then, and test them along with it.',
  Other: 'A test failed ({kind}).',
});

const channelInWords = { incoming: 'incoming email', outgoing: 'outgoing email' } as const;

const expiryText = ({ channel, params, subjectId }: AlertRow, { mailboxesOn }: AlertSources): Text => {
  const day = String(adviceParamsOf(params)['expiresOn'] ?? '').slice(0, 10);
  if (channel === null) return say('CredentialsExpiring', { day });
  const mailboxes = mailboxesOn(subjectId).length;
  return say('CredentialsOfProfileExpiring', { day, channel: channelInWords[channel], mailboxes });
};

const textOf = (row: AlertRow, sources: AlertSources): Text => {
  const { kind, params, subjectId } = row;
  const { mailboxesOn } = sources;
  if (kind === successKind) return say('TestSucceeded', {});
  if (kind === expiryKind) return expiryText(row, sources);
  if (kind === 'ProfileDeactivated') return say(kind, { mailboxes: mailboxesOn(subjectId).length });
  const off = offKinds.find((one) => one === kind);
  if (off !== undefined && off !== 'ProfileDeactivated') return say(off, {});
  if (kind === anotherReader) return say('AnotherReader', {});
  return isFailureKind(kind) ? adviceFor(kind, adviceParamsOf(params)) : say('Other', { kind });
};

const isWanted = ({ severity }: AlertRow, settings: SettingsStatus): boolean =>
  severity === 'error'
    ? settings.alertErrors
    : severity === 'warning'
      ? settings.alertWarnings
      : settings.alertInformation;

/** A person or a team of the host: two of them may have one id. */
interface Principal {
  readonly kind: 'user' | 'team';
  readonly id: string;
}

const ownerOf = ({ ownerKind, ownerId }: Pick<ProfileRow, 'ownerKind' | 'ownerId'>): Principal => ({
  kind: ownerKind,
  id: ownerId,
});

/** The people behind a mailbox: who owns it, and the user whose it is. */
const peopleOf = (mailbox: MailboxRow): readonly Principal[] => {
  const { kind, regardingId } = mailbox;
  return kind === 'user' && regardingId !== null
    ? [ownerOf(mailbox), { kind: 'user', id: regardingId }]
    : [ownerOf(mailbox)];
};

/**
 * Who is told (routing): a problem of the mailbox, its owner, and the profile's owner as well; a problem of the
 * profile, the profile's owner, and mailbox owners where the organization wants that; a success, the mailbox's owner.
 * What concerns the operator is on no owner's wall.
 */
const told = (row: AlertRow, sources: AlertSources): readonly Principal[] => {
  if (row.subject === 'system') return [];
  if (row.subject === 'mailbox') {
    const mailbox = sources.mailboxOf(row.subjectId);
    if (mailbox === undefined) return [];
    const profile = mailbox.profileId === null ? undefined : sources.profileOf(mailbox.profileId);
    const others = profile === undefined || row.severity === 'information' ? [] : [ownerOf(profile)];
    return [...peopleOf(mailbox), ...others];
  }
  const profile = sources.profileOf(row.subjectId);
  const owners = profile === undefined ? [] : [ownerOf(profile)];
  if (!sources.settingsOf(row.organizationId).notifyMailboxOwner) return owners;
  return [...owners, ...sources.mailboxesOn(row.subjectId).flatMap(peopleOf)];
};

const labelOf = (row: AlertRow, sources: AlertSources): string => {
  if (row.subject === 'system') return 'this installation';
  if (row.subject === 'profile') return sources.profileOf(row.subjectId)?.name ?? row.subjectId;
  const mailbox = sources.mailboxOf(row.subjectId);
  return mailbox?.address ?? mailbox?.name ?? row.subjectId;
};

/** Names the problem on its object, for dismissing it. */
const alertKeyOf = (key: string, { kind }: AlertRow): string => `${key}/${kind}`;

const alertLine = (key: string, row: AlertRow, sources: AlertSources, principals: readonly Principal[]): AlertLine => ({
  alertKey: alertKeyOf(key, row),
  organizationId: row.organizationId,
  severity: row.severity,
  kind: row.kind,
  about: { kind: row.subject, id: row.subjectId, label: labelOf(row, sources) },
  for: [...new Set(principals.map(({ id }) => id))],
  channel: row.channel,
  text: textOf(row, sources),
  nextAttemptAt: row.nextAttemptAt,
  count: row.count,
  firstAt: row.firstAt,
  lastAt: row.lastAt,
  open: row.open,
});

/** Until the problem occurs again: more often than the person had seen, or as a new episode. */
const isDismissed = (alertKey: string, row: AlertRow, dismissals: DismissalsRow | undefined): boolean => {
  if (dismissals === undefined) return false;
  if (dismissals.all !== null && dismissals.all >= row.lastPosition) return true;
  const one = dismissals.byKey[alertKey];
  if (one === undefined) return false;
  const { position, occurrences } = one;
  return occurrences === 0 ? position >= row.lastPosition : position >= row.firstPosition && row.count <= occurrences;
};

const isFor = (principals: readonly Principal[], actor: Actor): boolean =>
  principals.some(({ kind, id }) => (kind === 'user' ? id === actor.id : actor.teams.some((team) => team === id)));

/** Open, not too old, and of a level that the organization wants to see. */
const isShown = (row: AlertRow, actor: Actor, sources: AlertSources): boolean =>
  row.open &&
  row.organizationId === actor.organizationId &&
  row.lastAt >= sources.expiredBefore &&
  isWanted(row, sources.settingsOf(actor.organizationId));

/** The open alerts of an actor's wall; with `all`, of the whole organization, for those who may see it. */
export const wallOf = (
  rows: ReadonlyMap<string, AlertRow>,
  actor: Actor,
  list: 'mine' | 'all',
  sources: AlertSources,
): readonly AlertLine[] => {
  const dismissals = sources.dismissalsOf(actor.organizationId, actor.id);
  const seesAll = list === 'all' && actor.privileges.includes('mailboxes.read');
  const lines: AlertLine[] = [];
  for (const [key, row] of rows) {
    if (!isShown(row, actor, sources)) continue;
    const principals = told(row, sources);
    if (!seesAll && !isFor(principals, actor)) continue;
    const line = alertLine(key, row, sources, principals);
    if (!isDismissed(line.alertKey, row, dismissals)) lines.push(line);
  }
  return lines;
};

/** The open alerts on a record: its own, and for a mailbox those of its profile. Nobody dismisses them from there. */
export const alertsOnRecord = (
  rows: ReadonlyMap<string, AlertRow>,
  actor: Actor,
  record: { readonly kind: 'mailbox' | 'profile'; readonly id: string },
  sources: AlertSources,
): readonly AlertLine[] => {
  const profileId = record.kind === 'mailbox' ? (sources.mailboxOf(record.id)?.profileId ?? null) : null;
  const lines: AlertLine[] = [];
  for (const [key, row] of rows) {
    const own = row.subject === record.kind && row.subjectId === record.id;
    const shared = row.subject === 'profile' && profileId !== null && row.subjectId === profileId;
    if (!(own || shared) || !isShown(row, actor, sources)) continue;
    lines.push(alertLine(key, row, sources, told(row, sources)));
  }
  return lines;
};
