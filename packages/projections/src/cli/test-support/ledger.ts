import type { MailboxEvent, RecordedEvent, TestRunEvent } from '@mailroom/domain';
import { openHistory } from '../../host/index.ts';

type Told = (MailboxEvent | TestRunEvent) & { readonly recorded: RecordedEvent };
type Channel = 'incoming' | 'outgoing';

/** What the servers of these tests say when they do not let somebody in. */
const answerOfServer = 'AuthTemporarilyUnavailable';

/** One test of a mailbox, as its events tell it. */
interface Test {
  readonly mailboxId: string;
  readonly channels: readonly Channel[];
  readonly from: string;
  until: string | null;
  isCancelled: boolean;
  readonly results: Channel[];
  /** Of them, those that the server gave to a login. */
  readonly logins: Channel[];
  /** How each result came about, for whoever looks for what went wrong. */
  readonly told: Record<Channel, string[]>;
  readonly superseded: Channel[];
}

/** How often a channel of a mailbox had to be checked, and how often it may have been. */
interface CheckedChannel {
  readonly mailboxId: string;
  readonly channel: Channel;
  /** Results that the server gave to a login. */
  readonly least: number;
  /** Every check that was asked for, and once more for each kill that one of them met. */
  readonly most: number;
  /** How each result came about. */
  readonly told: readonly string[];
}

/** What a history says about what was asked for and what came of it. */
export interface Ledger {
  /** Ids of the test runs, in order. */
  readonly runs: readonly string[];
  /** What was not done, or done twice; in words. */
  readonly problems: readonly string[];
  readonly checks: readonly CheckedChannel[];
}

const toldBy = (recorded: RecordedEvent): Told =>
  ({ type: recorded.type, data: recorded.data, recorded }) as unknown as Told;

/** Adds up the history of a store, in which no test is open any more. `killedAt`: the head of the store at each kill. */
export const ledgerOf = async (store: string, killedAt: readonly string[]): Promise<Ledger> => {
  const tests = new Map<string, Test>();
  const runs = new Map<string, { started: number; completed: number }>();
  const retries = new Map<string, { due: number; requested: number }>();
  const commands = new Set<string>();
  const problems: string[] = [];

  const retriesOf = (mailboxId: string) => {
    const found = retries.get(mailboxId) ?? { due: 0, requested: 0 };
    retries.set(mailboxId, found);
    return found;
  };
  const testOf = (testId: string): Test => {
    const found = tests.get(testId);
    if (found === undefined) throw new Error(`the test ${testId} was never requested`);
    return found;
  };

  const add = ({ recorded, ...event }: Told): void => {
    const { position, stream, metadata, type } = recorded;
    const what = [stream, metadata.commandId, type, 'channel' in event.data ? event.data.channel : ''].join(' ');
    if (commands.has(what)) problems.push(`carried out twice: ${what}`);
    commands.add(what);
    switch (event.type) {
      case 'TestRunRequested':
        runs.set(event.data.runId, { started: 0, completed: 0 });
        return;
      case 'TestRunStarted':
      case 'TestRunCompleted': {
        const run = runs.get(event.data.runId);
        if (run !== undefined) run[event.type === 'TestRunStarted' ? 'started' : 'completed'] += 1;
        return;
      }
      case 'MailboxTestRequested': {
        const { testId, mailboxId, channels, trigger } = event.data;
        if (tests.has(testId)) problems.push(`the test ${testId} was requested twice`);
        const asked = { mailboxId, channels, from: position, until: null, isCancelled: false };
        tests.set(testId, { ...asked, results: [], logins: [], superseded: [], told: { incoming: [], outgoing: [] } });
        if (trigger === 'retry') retriesOf(mailboxId).requested += 1;
        return;
      }
      case 'ChannelTestFailed':
      case 'ChannelTestSucceeded': {
        const { testId, channel, steps } = event.data;
        const { results, logins, told } = testOf(testId);
        results.push(channel);
        const kind = event.type === 'ChannelTestFailed' ? event.data.kind : 'works';
        const way = steps.map(({ step, status }) => `${step} ${status}`).join(', ');
        told[channel].push(`${kind} at ${position}: ${way}`);
        // A login that failed without a word of the server may never have reached it: a time limit, on a busy machine.
        if (kind === 'works' || kind === answerOfServer) logins.push(channel);
        const isTriedAgain = event.type === 'ChannelTestFailed' && event.data.nextAttemptAt !== null;
        if (isTriedAgain) retriesOf(event.data.mailboxId).due += 1;
        return;
      }
      case 'ChannelTestSuperseded':
        testOf(event.data.testId).superseded.push(event.data.channel);
        return;
      case 'MailboxTestCompleted':
      case 'MailboxTestCancelled': {
        const test = testOf(event.data.testId);
        if (test.until !== null) problems.push(`the test ${event.data.testId} ended twice`);
        test.until = position;
        test.isCancelled = event.type === 'MailboxTestCancelled';
        return;
      }
      default:
    }
  };

  const history = await openHistory({ store });
  for await (const recorded of history.events()) add(toldBy(recorded));
  await history.close();

  for (const [testId, { until, isCancelled, channels, results, superseded }] of tests) {
    if (until === null) problems.push(`the test ${testId} never ended`);
    const answered = [...results, ...superseded].sort().join(' ');
    if (!isCancelled && answered !== [...channels].sort().join(' ')) {
      problems.push(`the test ${testId} of ${channels.join(' ')} was answered for ${answered}`);
    }
  }
  for (const [runId, { started, completed }] of runs) {
    if (started !== 1 || completed !== 1) problems.push(`the run ${runId}: ${started} starts, ${completed} ends`);
  }
  for (const [mailboxId, { due, requested }] of retries) {
    if (requested > due) problems.push(`${mailboxId}: ${requested} retries, of which ${due} were due`);
  }

  const checks = new Map<string, CheckedChannel & { told: string[]; least: number; most: number }>();
  for (const { mailboxId, channels, from, until, logins, told } of tests.values()) {
    const met = killedAt.filter((kill) => from <= kill && (until === null || until > kill)).length;
    for (const channel of channels) {
      const key = `${mailboxId} ${channel}`;
      const sum = checks.get(key) ?? { mailboxId, channel, least: 0, most: 0, told: [] };
      sum.least += logins.includes(channel) ? 1 : 0;
      sum.most += 1 + met;
      sum.told.push(...told[channel]);
      checks.set(key, sum);
    }
  }
  return { runs: [...runs.keys()].sort(), problems, checks: [...checks.values()] };
};
