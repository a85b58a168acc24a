import * as E from 'fp-ts/lib/Either.js';
import type { CommandContext } from '../../kernel/command.ts';
import type { Text } from '../../kernel/text.ts';
import type * as Mailbox from '../../mailbox/index.ts';
import * as Settings from '../../settings/index.ts';
import type { ProfileId } from '../../values/index.ts';
import type { DecodedCommand } from '../commands/command.ts';
import { type Plan, stepContext } from './bulk-plan.ts';
import type { Environment } from './environment.ts';
import { loadSettings } from './facts.ts';
import { type KnownProfiles, knownProfiles, mayFollow } from './facts-of-bulk.ts';
import type { Outcome, Refusal, Trouble } from './outcome.ts';
import { methodsOf } from './register-mailbox.ts';
import type { RunOfTests } from './request-run.ts';
import { type BulkResult, runBulk } from './run-bulk.ts';
import { runIdOf, testIdOf } from './test-and-enable.ts';
import { note, reject } from './texts.ts';

type Answer = Promise<E.Either<Refusal, Outcome<BulkResult>>>;

const lacksRight = ({ actor }: CommandContext, isConfirmed: boolean): boolean =>
  isConfirmed && actor.kind === 'person' && !actor.privileges.includes('secrets.reuse');

interface Change {
  /** undefined: the profile stays. */
  readonly profileId: ProfileId | null | undefined;
  readonly methods: Partial<Mailbox.Methods>;
  readonly secretsMayFollow: boolean;
  /** How they are tested; null: they are not. */
  readonly test: { readonly run: RunOfTests | null } | null;
  readonly notes: readonly Text[];
}

/** The steps that put a profile and methods on one mailbox. */
const planOf = async (
  context: CommandContext,
  profiles: KnownProfiles,
  mailbox: Mailbox.Registered,
  change: Change,
): Promise<E.Either<Trouble, Plan>> => {
  const { mailboxId } = mailbox;
  const staysOn = mailbox.profile?.profileId ?? null;
  const target = change.profileId === undefined ? staysOn : change.profileId;
  const profile = await profiles.facts(target);
  if (E.isLeft(profile)) return profile;
  if (change.profileId && profile.right === null) {
    const rejection = reject.ProfileNotFound({ profileId: change.profileId }, 'profileId');
    return E.right({ _tag: 'Refused', rejection });
  }
  const secretMayFollow = await mayFollow(profiles, mailbox, target, change.secretsMayFollow);
  if (E.isLeft(secretMayFollow)) return secretMayFollow;

  const assign: readonly Mailbox.Command[] =
    change.profileId === undefined
      ? []
      : [
          {
            type: 'AssignMailboxProfile',
            context: stepContext(context, mailboxId, 'assign'),
            mailboxId,
            profile: profile.right,
            secretMayFollow: secretMayFollow.right,
          },
        ];
  const setMethods: readonly Mailbox.Command[] =
    Object.keys(change.methods).length === 0
      ? []
      : [
          {
            type: 'SetMailboxMethods',
            context: stepContext(context, mailboxId, 'methods'),
            mailboxId,
            methods: change.methods,
          },
        ];
  const test: Mailbox.RequestMailboxTest | null =
    change.test !== null
      ? {
          type: 'RequestMailboxTest',
          context: stepContext(context, mailboxId, 'test'),
          mailboxId,
          testId: testIdOf(context, change.test.run, mailboxId),
          runId: change.test.run?.runId ?? null,
          channels: ['incoming', 'outgoing'],
          trigger: 'bulk',
          thisOrganizationOnly: false,
          testMessage: false,
          profile: profile.right,
        }
      : null;
  // Methods that no profile allows have to go before one is put on, and can come only after it was taken away.
  const steps = target === null ? [...assign, ...setMethods] : [...setMethods, ...assign];
  return E.right({ _tag: 'Steps', steps, test, notes: change.notes });
};

/** What is left out stays as it is; nothing is tested. */
export const editMailboxes = async (
  environment: Environment,
  context: CommandContext,
  command: DecodedCommand<'EditMailboxes'>,
): Answer => {
  const { type, mailboxIds, preview = false, profileId, incoming, outgoing, act } = command;
  const secretsMayFollow = command.letMailboxSecretsFollow ?? false;
  if (lacksRight(context, secretsMayFollow)) {
    return E.left(reject.SecretsReuseNotPermitted({}, 'letMailboxSecretsFollow'));
  }
  const profiles = knownProfiles(environment, context.actor.organizationId);
  if (profileId) {
    const target = await profiles.profile(profileId);
    if (E.isLeft(target)) return target;
    if (target.right === null) return E.left(reject.ProfileNotFound({ profileId }, 'profileId'));
  }
  const methods = {
    ...(incoming === undefined ? {} : { incoming }),
    ...(outgoing === undefined ? {} : { outgoing }),
    ...(act === undefined ? {} : { act }),
  };
  return runBulk(environment, context, {
    type,
    mailboxIds,
    preview,
    done: note('Changed', {}),
    idle: note('Unchanged', {}),
    notes: [],
    run: null,
    plan: (mailbox) =>
      planOf(context, profiles, mailbox, { profileId, methods, secretsMayFollow, test: null, notes: [] }),
  });
};

const names = {
  defaultProfileId: 'the default server profile',
  incoming: 'the default method for incoming email',
  outgoing: 'the default method for outgoing email',
} as const;

/** Puts the default profile and methods on the mailboxes; tests and enables them unless told not to. */
export const applyDefaultEmailSettings = async (
  environment: Environment,
  context: CommandContext,
  command: DecodedCommand<'ApplyDefaultEmailSettings'>,
): Answer => {
  const { type, mailboxIds, preview = false, testAndEnable = true } = command;
  const secretsMayFollow = command.letMailboxSecretsFollow ?? false;
  if (lacksRight(context, secretsMayFollow)) {
    return E.left(reject.SecretsReuseNotPermitted({}, 'letMailboxSecretsFollow'));
  }
  const { organizationId } = context.actor;
  const settings = await loadSettings(environment, organizationId);
  if (E.isLeft(settings)) return settings;
  const missing = Settings.missingDefaults(settings.right);
  if (missing.length > 0) {
    return E.left(reject.DefaultsMissing({ missing: missing.map((field) => names[field]).join(', ') }));
  }

  const profiles = knownProfiles(environment, organizationId);
  const profileId = settings.right.defaultProfileId;
  const tested = { runId: runIdOf(context), profileId: null, channels: ['incoming', 'outgoing'] } as const;
  const run =
    testAndEnable && mailboxIds.length > 1 ? { ...tested, thisOrganizationOnly: false, testMessage: false } : null;
  return runBulk(environment, context, {
    type,
    mailboxIds,
    preview,
    done: note('Changed', {}),
    idle: note('Unchanged', {}),
    notes: [],
    run,
    plan: (mailbox) => {
      const { methods, notes } = methodsOf(mailbox.kind, {}, settings.right, true);
      const actNotes = mailbox.act === 'none' ? [] : [note('ActForcedToNone', {})];
      return planOf(context, profiles, mailbox, {
        profileId,
        methods,
        secretsMayFollow,
        test: testAndEnable ? { run } : null,
        notes: [...notes, ...actNotes],
      });
    },
  });
};
