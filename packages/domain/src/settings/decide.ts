import { type Decision, happened, nothingHappened, rejected } from '../kernel/decider.ts';
import { together } from '../kernel/rejection.ts';
import type { ActMethod } from './events.ts';
import type { Command } from './commands.ts';
import { EmailSettingsConfigured, type Event } from './events.ts';
import { reject, type Rejection } from './rejections.ts';
import type { Settings, State } from './state.ts';

export const decide = (command: Command, state: State): Decision<Event, Rejection> => {
  const { changes, context, organizationId } = command;
  const next = applied(changes, state);

  const findings: Rejection[] = [];
  if (changes.defaultProfileId && changes.defaultProfileId !== state.defaultProfileId) {
    const { defaultProfileId: profileId } = changes;
    if (command.defaultProfile === 'missing') {
      findings.push(reject.DefaultProfileNotFound({ profileId }, 'defaultProfileId'));
    }
    if (command.defaultProfile === 'inactive') {
      findings.push(reject.DefaultProfileInactive({ profileId }, 'defaultProfileId'));
    }
  }
  for (const field of ['approvalRequiredForUsers', 'approvalRequiredForQueues'] as const) {
    const isPermitted = context.actor.privileges.includes('addresses.approve');
    if (next[field] !== state[field] && !isPermitted) findings.push(reject.ApprovalSwitchNotPermitted({}, field));
  }

  const [first, ...others] = findings;
  if (first !== undefined) return rejected(together([first, ...others]));
  return isSame(next, state) ? nothingHappened : happened(EmailSettingsConfigured({ organizationId, ...next }));
};

const applied = (changes: Command['changes'], current: Settings): Settings => {
  const given = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined));
  const next: Settings = { ...current, ...given };
  return { ...next, act: actWith(next.defaultProfileId, next.act) };
};

/** Every profile is POP3 or IMAP, and those know no appointments, contacts or tasks: the method is None. */
export const actWith = (profileId: Settings['defaultProfileId'], asked: ActMethod): ActMethod =>
  profileId === null ? asked : 'none';

const isSame = (one: Settings, other: Settings): boolean =>
  (Object.keys(one) as (keyof Settings)[]).every((field) => one[field] === other[field]);

/** What Apply Default Email Settings still lacks, as the names of the fields; nothing when it can be carried out. */
export const missingDefaults = (settings: Settings): readonly ('defaultProfileId' | 'incoming' | 'outgoing')[] => [
  ...(settings.defaultProfileId === null ? (['defaultProfileId'] as const) : []),
  // One direction without a method is a choice; both without one is a form that nobody has filled in.
  ...(settings.incoming === 'none' && settings.outgoing === 'none' ? (['incoming', 'outgoing'] as const) : []),
];
