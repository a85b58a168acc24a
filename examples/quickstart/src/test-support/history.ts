import { openMailroom, orThrow } from '@mailroom/projections/host';
import { administratorOf } from '../administrator.ts';
import { openDataFolder } from '../data-folder.ts';

/** What differs from run to run: ids and times are made anew, and scripted servers listen where there is room. */
const withoutChance = (sentence: string): string =>
  sentence
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<id>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replaceAll(/port \d+/g, 'port <port>');

/**
 * The history of every mailbox of a run, in words: who did what, and what came of it. In alphabetical order, because
 * checks of several channels run side by side and end as they may.
 */
export const historyOf = async (
  data: string,
  store: string | undefined,
): Promise<Record<string, readonly string[]>> => {
  const folder = openDataFolder(data, undefined, false);
  const mailroom = await openMailroom({ store: store ?? folder.events, vault: folder.vault, runChecks: false });
  try {
    await mailroom.idle();
    const admin = mailroom.as(administratorOf(folder.seed));
    const { rows: mailboxes } = orThrow(await admin.find('mailboxes', { list: 'all', limit: 1000 }));
    const histories: Record<string, readonly string[]> = {};
    for (const { mailboxId, address } of mailboxes) {
      const query = { where: { subjectId: mailboxId }, limit: 1000 };
      const { rows: lines } = orThrow(await admin.find('history', query));
      histories[address ?? mailboxId] = lines
        .map(({ type, actorKind, command, text }) =>
          [type, actorKind, command, withoutChance(text.sentence)].join(' | '),
        )
        .sort();
    }
    return histories;
  } finally {
    await mailroom.close();
  }
};
