import * as E from 'fp-ts/lib/Either.js';
import * as Mailbox from '../../mailbox/index.ts';
import type { RunTest } from '../../policies/index.ts';
import { derivedId, type MailChannel } from '../../values/index.ts';
import { loadMailbox, loadProfile, loadProfileFacts } from '../use-cases/facts.ts';
import { checkChannel, type ChannelTest, type Found } from './check-channel.ts';
import type { CarryOutEnvironment, CarryOutFailure } from './environment.ts';
import { spreadProfileChange } from './follow-up.ts';
import type { CheckLimits } from './limits/check-limits.ts';
import { anotherReader, othersRead } from './other-readers.ts';
import { settled } from './settled.ts';
import { systemContext } from './system-context.ts';

type Done = E.Either<CarryOutFailure, void>;
const done: Done = E.right(undefined);

/**
 * Carries out an open test: both channels at the same time, each recorded as soon as it is known. A test that is not
 * open (any more) is done already; one that was interrupted goes on with the channels that have no result yet.
 */
export const runTest = async (
  { vault, ...others }: CarryOutEnvironment,
  limits: CheckLimits,
  instruction: RunTest,
  signal: AbortSignal | undefined,
): Promise<Done> => {
  const environment = { ...others, vault: openedOnce(vault) };
  const { organizationId, mailboxId, testId } = instruction;
  const loaded = await loadMailbox(environment, organizationId, mailboxId);
  if (E.isLeft(loaded)) return loaded;
  const mailbox = loaded.right;
  if (mailbox?.test?.testId !== testId) return done;

  const profileId = mailbox.profile?.profileId ?? null;
  const profile = profileId === null ? E.right(null) : await loadProfile(environment, organizationId, profileId);
  if (E.isLeft(profile)) return profile;
  if (profileId !== null && profile.right !== null && profile.right.configuration !== mailbox.profile?.configuration) {
    // The profile has changed since. What follows for the mailbox comes first: its secret may not be meant for this host.
    const { cause } = instruction;
    return spreadProfileChange(environment, {
      type: 'SpreadProfileChange',
      organizationId,
      mailboxId,
      profileId,
      cause,
    });
  }

  const { runId, trigger, remaining } = mailbox.test;
  const runChannel = async (channel: MailChannel): Promise<Done> => {
    const test = { mailbox, profile: profile.right, channel, testId, runId, trigger, signal };
    const found = await checkChannel(environment, limits, test);
    if (E.isLeft(found)) return found;
    if (found.right === 'abandoned') return done;
    const result = await withOthers(environment, found.right, test, instruction);
    if (E.isLeft(result)) return result;

    // As the profile stands now: if it changed meanwhile, the result says nothing any more.
    const facts = await loadProfileFacts(environment, organizationId, profileId);
    if (E.isLeft(facts)) return facts;
    const commandId = derivedId('result', testId, channel);
    const recorded = await environment.repository.execute(Mailbox.aggregate, {
      type: 'RecordTestResult',
      context: systemContext(environment.clock, organizationId, commandId, instruction.cause),
      mailboxId,
      testId,
      channel,
      fingerprint: {
        profileId,
        profileConfiguration: mailbox.profile?.configuration ?? 0,
        mailboxConfiguration: mailbox.channels[channel].configuration,
      },
      ...result.right,
      retries: environment.deployment.retry,
      profile: facts.right,
    })();
    return settled(recorded);
  };

  const results = await Promise.all(remaining.map(runChannel));
  return results.find(E.isLeft) ?? done;
};

/** Both directions of a test mostly log in with one secret: it is opened by the one whose turn comes first. */
const openedOnce = ({ reveal }: CarryOutEnvironment['vault']): CarryOutEnvironment['vault'] => {
  const opened = new Map<string, ReturnType<ReturnType<typeof reveal>>>();
  return {
    reveal: (ref, owner) => () => {
      const name = JSON.stringify([ref, owner]);
      const known = opened.get(name) ?? reveal(ref, owner)();
      opened.set(name, known);
      return known;
    },
  };
};

type Result = Exclude<Found, 'abandoned'>;

/** A mailbox that works is warned when another organization collects its account too. */
const withOthers = async (
  environment: CarryOutEnvironment,
  result: Result,
  { mailbox, profile, channel }: ChannelTest,
  { mailboxId, cause }: RunTest,
): Promise<E.Either<CarryOutFailure, Result>> => {
  const { outcome } = result;
  if (channel !== 'incoming' || outcome.verdict !== 'passed') return E.right(result);
  const others = await othersRead(environment, mailbox, profile, { mailboxId, cause });
  if (E.isLeft(others)) return others;
  const warnings = others.right ? [...outcome.warnings, anotherReader] : outcome.warnings;
  return E.right({ ...result, outcome: { ...outcome, warnings } });
};
