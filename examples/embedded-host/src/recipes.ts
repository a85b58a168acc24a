// What docs/embedding.md shows by the piece. Its test carries out each.
import {
  type ActingMailroom,
  findingsOf,
  isRejection,
  type Mailroom,
  NotDone,
  type Outcome,
  type Refusal,
} from '@mailroom/projections/host';
import type { AlertLine, MailboxStatus } from '@mailroom/projections';

// #region own-write
/** Renames a mailbox and gives the row as it is afterwards, however busy the views are. */
export const rename = async (
  me: ActingMailroom,
  mailboxId: string,
  name: string,
): Promise<MailboxStatus | undefined> => {
  const renamed = await me.execute({ type: 'RenameMailbox', mailboxId, name });
  if (renamed._tag === 'Left') throw new NotDone(renamed.left);
  const { position } = renamed.right;
  const found = await me.find('mailboxes', {
    where: { mailboxId },
    atLeast: position, // null when nothing had to be written: then there is nothing to wait for
    signal: AbortSignal.timeout(5000),
  });
  if (found._tag === 'Left') throw new NotDone(found.left);
  return found.right.rows[0];
};
// #endregion own-write

// #region refusals
/** What to tell the person, field by field, or that it is worth trying again. */
export const explain = (refusal: Refusal) =>
  isRejection(refusal)
    ? { fields: findingsOf(refusal).map(({ field, text }) => ({ field, sentence: text.sentence })) }
    : { tryAgain: `The service is not available now (${refusal._tag}).` };
// #endregion refusals

// #region preview
/** What approving these mailboxes would do, before anybody presses the button. Nothing is written. */
export const previewApproval = async (
  me: ActingMailroom,
  mailboxIds: readonly string[],
): Promise<readonly string[]> => {
  const preview = await me.execute({ type: 'ApproveMailbox', mailboxIds, preview: true });
  if (preview._tag === 'Left') throw new NotDone(preview.left);
  return preview.right.result.mailboxes.map(({ outcome, changes, text }) =>
    outcome === 'changed'
      ? changes.map(({ field, from, to }) => `${field}: ${String(from)} → ${String(to)}`).join(', ')
      : text.sentence,
  );
};
// #endregion preview

// #region repeat
/** A request that may arrive twice: the second time gives the outcome of the first, with `duplicate: true`. */
export const testOnce = (
  me: ActingMailroom,
  mailboxIds: readonly string[],
  requestId: string, // a UUID that the caller made for this request
): Promise<
  { readonly _tag: 'Left'; readonly left: Refusal } | { readonly _tag: 'Right'; readonly right: Outcome<unknown> }
> => me.execute({ type: 'TestAndEnable', mailboxIds }, { commandId: requestId });
// #endregion repeat

// #region credentials
/** Whether to show the fields for user name and password; null: yes; otherwise what to say instead. */
export const whyNoPasswordHere = (mailroom: Mailroom, userId: string, cameByHttps: boolean): string | null => {
  const user = { id: userId, organizationId: 'my-company', privileges: [] };
  const me = mailroom.as(user, { secureChannel: cameByHttps });
  return me.canEnterCredentials()?.sentence ?? null;
};
// #endregion credentials

// #region wall
/** The alerts wall of a person, now and whenever it changes, until the signal aborts. */
export const showWall = async (
  me: ActingMailroom,
  show: (alerts: readonly AlertLine[]) => void,
  signal: AbortSignal,
): Promise<void> => {
  for await (const wall of me.watch('alerts', { signal })) {
    if (wall._tag === 'Right') show(wall.right.rows);
  }
};
// #endregion wall

// #region test-message
/** Tests the mailbox, lets it send a real message to itself, and gives what became of that; null: it was cancelled. */
export const testWithMessage = async (me: ActingMailroom, mailboxId: string): Promise<MailboxStatus['testMessage']> => {
  const asked = await me.execute({ type: 'TestAndEnable', mailboxIds: [mailboxId], testMessage: true });
  if (asked._tag === 'Left') throw new NotDone(asked.left);
  const { position } = asked.right;
  for await (const page of me.watch('mailboxes', { where: { mailboxId }, atLeast: position })) {
    if (page._tag === 'Left') throw new NotDone(page.left);
    const [row] = page.right.rows;
    if (row?.testMessage?.outcome !== 'pending') return row?.testMessage ?? null;
  }
  return null;
};
// #endregion test-message
