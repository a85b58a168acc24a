// Asks the history that the quickstart has left behind, or another one: node main.ts FOLDER [MOMENT]
import { join } from 'node:path';
import { HistoryUnreadable, OpenFailure, openHistory } from '@mailroom/projections/host';
import { linesUntil, momentsOf, secondsToWorking, standingAt } from './questions.ts';

const main = async (folder: string, moment: string | undefined): Promise<void> => {
  const history = await openHistory({
    store: join(folder, 'mailroom.db'),
    vault: { directory: join(folder, 'vault'), key: { file: join(folder, 'vault.key') } },
  });
  try {
    const moments = await momentsOf(history);
    // Half way through, unless a moment is asked for: some mailboxes stand there, and most have not been tested.
    const until = moment === undefined ? (moments[Math.floor(moments.length / 2)] ?? new Date()) : new Date(moment);

    console.log(`The mailboxes as they stood at ${until.toISOString()}:`);
    const then = await standingAt(history, until);
    console.table(then.map(({ mailboxId: _, ...shown }) => shown));

    const [first] = then;
    if (first !== undefined) {
      console.log(`\nWho had done what to ${first.name} by then:`);
      for (const { at, actorId, actorKind, command, text } of await linesUntil(history, first.mailboxId, until)) {
        const who = actorKind === 'system' ? `${actorId} (automatic)` : actorId;
        console.log(`${at}  ${who}, ${command}: ${text.sentence}`);
      }
    }

    console.log('\nHow long each took to work, a view of our own over the same events:');
    const names = new Map(
      (await standingAt(history, new Date(8.64e15))).map(({ mailboxId, name }) => [mailboxId, name]),
    );
    console.table(
      [...(await secondsToWorking(history))].map(([mailboxId, { seconds, failures }]) => ({
        mailbox: names.get(mailboxId) ?? mailboxId,
        seconds: seconds ?? 'does not work yet',
        'in the way': failures.join(', '),
      })),
    );
  } finally {
    await history.close();
  }
};

const [folder = '.mailroom/quickstart', moment] = process.argv.slice(2);
if (moment !== undefined && Number.isNaN(Date.parse(moment))) {
  console.error('the second argument: expected a date-time, such as 2026-01-01T09:00:00Z');
  process.exitCode = 2;
} else {
  main(folder, moment).catch((error: unknown) => {
    if (error instanceof OpenFailure || error instanceof HistoryUnreadable) console.error(error.message);
    else console.error(error);
    process.exitCode = error instanceof OpenFailure ? 2 : 3;
  });
}
