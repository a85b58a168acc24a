import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../kernel/command.ts';
import { replay } from '../../kernel/decider.ts';
import type { Text } from '../../kernel/text.ts';
import type * as Mailbox from '../../mailbox/index.ts';
import * as Profile from '../../profile/index.ts';
import type { MailboxId, MailChannel, ProfileId } from '../../values/index.ts';
import { profileFactsOf } from '../profile-facts.ts';
import { privilegesMissing } from './authorize.ts';
import { type Change, changesBetween, type Foreseen, foresee, lostSuccesses } from './bulk-plan.ts';
import type { Environment } from './environment.ts';
import { loadMailbox } from './facts.ts';
import { eachOf } from './limited.ts';
import { type Outcome, outcomeOf, type Refusal, type Trouble } from './outcome.ts';

/** What a command means for one mailbox that it does not name itself. */
export interface MailboxImpact {
  readonly mailboxId: MailboxId;
  /** What changes, old and new. */
  readonly changes: readonly Change[];
  /** Channels that had worked and have to be tested again. */
  readonly losesSuccess: readonly MailChannel[];
  /** Channels that process mail now, and no longer would. */
  readonly stops: readonly MailChannel[];
}

/** Which profile a command was about; in a preview, what it would mean for the mailboxes on it. */
export interface ProfileImpact {
  readonly profileId: ProfileId;
  /** Those that it concerns. Empty without `preview`. */
  readonly mailboxes: readonly MailboxImpact[];
}

/** Which mailbox was deactivated, and which of its channels process mail until then. */
export interface DeactivationResult {
  readonly mailboxId: MailboxId;
  readonly stops: readonly MailChannel[];
}

/** The channels that process mail before, and not after. */
const stoppedChannels = (before: Mailbox.Registered, after: Mailbox.Registered): readonly MailChannel[] =>
  (['incoming', 'outgoing'] as const).filter(
    (channel) => before.channels[channel].enabled && !after.channels[channel].enabled,
  );

/** The profile before and after a command; `null`: it is not there. */
interface Turn {
  readonly before: Profile.Existing | null;
  readonly after: Profile.Existing | null;
}

const existing = (state: Profile.State): Profile.Existing | null => (state._tag === 'Existing' ? state : null);

/** What reaches a mailbox in the background once the profile has changed, or is gone. */
const reaching = (
  context: CommandContext,
  profileId: ProfileId,
  { mailboxId }: Mailbox.Registered,
  after: Profile.Existing | null,
): Mailbox.Command =>
  after === null
    ? { type: 'AssignMailboxProfile', context, mailboxId, profile: null, from: profileId, secretMayFollow: false }
    : { type: 'ApplyProfileChange', context, mailboxId, profile: profileFactsOf(profileId, after) };

const impactOn = (mailbox: Mailbox.Registered, { state, events }: Foreseen, { before, after }: Turn): MailboxImpact => {
  const isSwitchedOff = before?.active === true && after?.active === false;
  const enabled = (['incoming', 'outgoing'] as const).filter((channel) => mailbox.channels[channel].enabled);
  return {
    mailboxId: mailbox.mailboxId,
    changes: changesBetween(mailbox, state),
    losesSuccess: lostSuccesses(mailbox, events),
    stops: isSwitchedOff ? enabled : stoppedChannels(mailbox, state),
  };
};

const isConcerned = ({ changes, losesSuccess, stops }: MailboxImpact): boolean =>
  changes.length + losesSuccess.length + stops.length > 0;

/**
 * What a command on a profile would lead to, without writing anything: its notes, and what it means for each mailbox on
 * the profile. It shows settings of mailboxes, so it is for those who may read them.
 */
export const previewProfile = async (
  environment: Environment,
  command: Profile.CreateProfile | Profile.ChangeProfile | Profile.DeactivateProfile | Profile.DeleteProfile,
  notesOn: (events: readonly Profile.Event[]) => readonly Text[],
): Promise<E.Either<Refusal, Outcome<ProfileImpact>>> => {
  const { context, profileId } = command;
  const { actor } = context;
  const loaded = await environment.repository.load(Profile.aggregate, Profile.streamOf(profileId))();
  if (E.isLeft(loaded)) return loaded;
  const { state } = loaded.right;
  const decision = Profile.decider.decide(command, state);
  if (E.isLeft(decision)) return decision;
  // A profile that is yet to be created has no mailboxes to show.
  const mayRead = existing(state) === null || actor.kind === 'system' || actor.privileges.includes('mailboxes.read');
  const refused = privilegesMissing(command.type, mayRead ? [] : ['mailboxes.read']);
  if (refused !== null) return E.left(refused);
  const next = replay<Profile.Event, Profile.State>(Profile.decider, decision.right, state);
  const impacts = await impactsOf(environment, context, profileId, { before: existing(state), after: existing(next) });
  if (E.isLeft(impacts)) return impacts;
  return E.right(outcomeOf({ profileId, mailboxes: impacts.right }, [], notesOn(decision.right)));
};

const impactsOf = async (
  environment: Environment,
  context: CommandContext,
  profileId: ProfileId,
  turn: Turn,
): Promise<E.Either<Trouble, readonly MailboxImpact[]>> => {
  const head = await environment.store.head();
  if (E.isLeft(head)) return head;
  const mailboxIds = await environment.directory.mailboxesOfProfile(profileId, head.right)();
  if (E.isLeft(mailboxIds)) return mailboxIds;

  const troubles: Trouble[] = [];
  const impacts = await eachOf(mailboxIds.right, 64, async (mailboxId) => {
    const mailbox = await loadMailbox(environment, context.actor.organizationId, mailboxId);
    if (E.isLeft(mailbox)) troubles.push(mailbox.left);
    if (E.isLeft(mailbox) || mailbox.right === null) return null;
    const step = reaching(context, profileId, mailbox.right, turn.after);
    return impactOn(mailbox.right, foresee(mailbox.right, [step]), turn);
  });
  const [trouble] = troubles;
  if (trouble !== undefined) return E.left(trouble);
  return E.right(impacts.filter((impact) => impact !== null).filter(isConcerned));
};
