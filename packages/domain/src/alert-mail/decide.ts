import { type Decision, happened, nothingHappened } from '../kernel/decider.ts';
import type { EpisodeId } from '../values/index.ts';
import type { AnnounceAlertMail, Command, Episode } from './commands.ts';
import { AlertMailDropped, AlertMailDue, AlertMailSent, type Event } from './events.ts';

/** The mail about the newest episode of a profile; null: there was none. */
export type State = {
  readonly episodeId: EpisodeId;
  readonly stage: 'due' | 'done';
  readonly episode: Episode | null;
} | null;

export const initialState: State = null;

/** Once for each episode: announced, then sent or dropped; whatever comes twice changes nothing. */
export const decide = (command: Command, state: State): Decision<Event, never> => {
  const { profileId, episodeId, context } = command;
  const { organizationId } = context.actor;
  if (command.type === 'AnnounceAlertMail') return announce(command, state);
  if (state?.episodeId !== episodeId || state.stage === 'done') return nothingHappened;
  return command.type === 'RecordAlertMailSent'
    ? happened<Event>(AlertMailSent({ profileId, episodeId, organizationId, recipients: command.recipients }))
    : happened<Event>(AlertMailDropped({ profileId, episodeId, organizationId, reason: command.reason }));
};

const announce = (command: AnnounceAlertMail, state: State): Decision<Event, never> => {
  const { profileId, episodeId, episode, alertErrors, context } = command;
  const { organizationId } = context.actor;
  if (state?.episodeId === episodeId) return nothingHappened;
  const due = AlertMailDue({ profileId, episodeId, organizationId, ...episode });
  const off = AlertMailDropped({ profileId, episodeId, organizationId, reason: 'alertsOff' });
  // An episode is over when the next one begins.
  const before =
    state !== null && state.stage === 'due'
      ? [AlertMailDropped({ profileId, episodeId: state.episodeId, organizationId, reason: 'over' })]
      : [];
  return happened<Event>(...before, due, ...(alertErrors ? [] : [off]));
};

export const evolve = (_state: State, { type, data }: Event): State => {
  const { episodeId } = data;
  if (type !== 'AlertMailDue') return { episodeId, stage: 'done', episode: null };
  const { failing, mailboxes, kind, since } = data;
  return { episodeId, stage: 'due', episode: { failing, mailboxes, kind, since } };
};
