import * as E from 'fp-ts/lib/Either.js';
import { ordinaryPause } from '../../kernel/patience.ts';
import * as Mailbox from '../../mailbox/index.ts';
import type { SendTestMessage } from '../../policies/index.ts';
import type * as Profile from '../../profile/index.ts';
import { derivedId, EmailAddress, type MailChannel } from '../../values/index.ts';
import { loadMailbox, loadProfile } from '../use-cases/facts.ts';
import { checkChannel } from './check-channel.ts';
import type { CarryOutEnvironment, CarryOutFailure } from './environment.ts';
import type { CheckLimits } from './limits/check-limits.ts';
import { roundTrip, type RoundTripOptions, type RoundTripReport } from './round-trip.ts';
import { settled } from './settled.ts';
import { systemContext } from './system-context.ts';

type Done = E.Either<CarryOutFailure, void>;
const done: Done = E.right(undefined);

interface Seen {
  readonly failure: Mailbox.FoundFailure | null;
  readonly warnings: readonly { readonly kind: string }[];
}

type Reported = Pick<Mailbox.RecordTestMessage, 'outcome' | 'kind' | 'seconds'>;

const notSent: Reported = { outcome: 'notSent', kind: null, seconds: 0 };

/** Said by the server about the message, and not on the way to it. */
const refusedIn: readonly string[] = ['mailFrom', 'rcptTo', 'data', 'deliver'];

const reportedOf = ({ failure, warnings, sent, ms }: RoundTripReport<Seen>): Reported => {
  const seconds = Math.round(ms / 1000);
  if (failure === null) {
    const uncleaned = warnings.some(({ kind }) => kind === 'CleanupFailed');
    if (uncleaned) return { outcome: 'notCleaned', kind: 'CleanupFailed', seconds };
    return { outcome: 'delivered', kind: warnings[0]?.kind ?? null, seconds };
  }
  const { kind, phase } = failure;
  if (sent?.failure === null) return { outcome: 'notFound', kind, seconds };
  return { outcome: sent !== null && refusedIn.includes(phase) ? 'refused' : 'notSent', kind, seconds };
};

/** What was tested is what is configured now, and works. */
const stillWorks = ({ active, channels, profile }: Mailbox.Registered, current: Profile.Existing | null): boolean =>
  active &&
  current?.configuration === profile?.configuration &&
  Object.values(channels).every(({ method, status }) => method === 'serverSide' && status === 'success');

/**
 * Sends the test message that is owed, finds and removes it, and puts down what became of it. Interrupted and repeated
 * it is the same message. Whatever happens to it, the test stays passed.
 */
export const sendTestMessage = async (
  environment: CarryOutEnvironment,
  limits: CheckLimits,
  { organizationId, mailboxId, testId, cause }: SendTestMessage,
  signal: AbortSignal | undefined,
): Promise<Done> => {
  const { clock, repository, pause = ordinaryPause, testMessagePatienceMs } = environment;
  const loaded = await loadMailbox(environment, organizationId, mailboxId);
  if (E.isLeft(loaded)) return loaded;
  const mailbox = loaded.right;
  if (mailbox === null || !mailbox.testMessages.includes(testId)) return done;

  const record = async (reported: Reported): Promise<Done> => {
    const context = systemContext(clock, organizationId, derivedId('testMessage', testId), cause);
    const command = { type: 'RecordTestMessage', context, mailboxId, testId, ...reported } as const;
    return settled(await repository.execute(Mailbox.aggregate, command)());
  };

  const profileId = mailbox.profile?.profileId ?? null;
  const profile = profileId === null ? E.right(null) : await loadProfile(environment, organizationId, profileId);
  if (E.isLeft(profile)) return profile;
  const { address } = mailbox;
  if (!stillWorks(mailbox, profile.right) || !EmailAddress.is(address)) return record(notSent);

  type Stop = CarryOutFailure | 'abandoned';
  const checkOf =
    (channel: MailChannel) =>
    async (message: RoundTripOptions): Promise<E.Either<Stop, Seen>> => {
      const test = { mailbox, profile: profile.right, channel, testId, runId: null, trigger: 'bulk', signal } as const;
      const found = await checkChannel(environment, limits, { ...test, message });
      if (E.isLeft(found)) return found;
      if (found.right === 'abandoned') return E.left('abandoned');
      const { outcome } = found.right;
      return E.right(
        outcome.verdict === 'passed'
          ? { failure: null, warnings: outcome.warnings.map((kind) => ({ kind })) }
          : { failure: outcome.failure, warnings: [] },
      );
    };
  const report = await roundTrip<Stop, Seen>({
    address,
    uniqueId: testId,
    send: checkOf('outgoing'),
    look: checkOf('incoming'),
    signal,
    ...(testMessagePatienceMs === undefined ? {} : { patienceMs: testMessagePatienceMs }),
    pause: (ms) => untilAborted(pause(ms), signal),
    now: () => clock.now().getTime(),
  });
  if (E.isRight(report)) return signal?.aborted === true ? done : record(reportedOf(report.right));
  // Stopped from outside: it stays owed.
  return report.left === 'abandoned' ? done : E.left(report.left);
};

const untilAborted = async (pause: Promise<void>, signal: AbortSignal | undefined): Promise<void> => {
  if (signal === undefined) return pause;
  if (signal.aborted) return;
  let stop = (): void => undefined;
  const aborted = new Promise<void>((resolve) => (stop = resolve));
  signal.addEventListener('abort', stop, { once: true });
  await Promise.race([pause, aborted]);
  signal.removeEventListener('abort', stop);
};
