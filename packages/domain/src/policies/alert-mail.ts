import type { Intent, ProcessManager } from '../kernel/process-manager.ts';
import { ProfileId } from '../values/index.ts';
import { type AlertMailRow, type Event, events, evolve } from './alert-mail-row.ts';
import type { AnnounceAlertMail, DeliverAlertMail } from './instruction.ts';

const delivery = (of: Omit<DeliverAlertMail, 'type' | 'stop'>, stop: boolean): Intent<DeliverAlertMail> => ({
  key: `deliver:${of.episodeId}:${stop ? 'stop' : 'go'}`,
  due: null,
  instruction: { type: 'DeliverAlertMail', ...of, stop },
});

const ofEpisode = (
  { organizationId, wanted, episode }: AlertMailRow,
  profileId: ProfileId,
): readonly Intent<AnnounceAlertMail | DeliverAlertMail>[] => {
  if (episode === null || episode.stage === 'done') return [];
  const { episodeId, stage, over, failing, mailboxes, kind, since, cause } = episode;
  const of = { organizationId, profileId, episodeId, cause };
  if (stage === 'due') return [delivery(of, over || !wanted)];
  if (over || !wanted) return [];
  const known = { failing, mailboxes, kind, since };
  return [
    { key: `announce:${episodeId}`, due: null, instruction: { type: 'AnnounceAlertMail', ...of, episode: known } },
  ];
};

const ofLate = ({ organizationId, late }: AlertMailRow, profileId: ProfileId): readonly Intent<DeliverAlertMail>[] =>
  late === null ? [] : [delivery({ organizationId, profileId, ...late }, true)];

/**
 * When more than half of the mailboxes of a profile fail within an hour, its owner gets a mail, where the profile asks
 * for it: one for each such episode, which is over when no longer more than half of them fail. What was owed is in the
 * history before it is sent, and that it was sent after: a crash repeats the mail as the same message, never the alert.
 */
export const alertMail: ProcessManager<AlertMailRow, Event, AnnounceAlertMail | DeliverAlertMail> = {
  name: 'alert-mail',
  version: 2,
  events,
  keys: ({ type, data }) => {
    const concerned = type === 'MailboxProfileAssigned' ? [data.previousProfileId, data.profileId] : [data.profileId];
    return [...new Set(concerned.filter((profileId) => profileId !== null))];
  },
  evolve,
  intents: (row, key) => {
    const profileId = ProfileId.orThrow(key);
    return [...ofEpisode(row, profileId), ...ofLate(row, profileId)];
  },
};
