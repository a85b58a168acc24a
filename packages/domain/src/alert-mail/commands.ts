import type { CommandContext } from '../kernel/command.ts';
import type { EpisodeId, ProfileId } from '../values/index.ts';
import type { DropReason } from './events.ts';

interface OfEpisode<Type extends string> {
  readonly type: Type;
  readonly context: CommandContext;
  readonly profileId: ProfileId;
  readonly episodeId: EpisodeId;
}

/** What is known of an episode: more than half of the mailboxes of a profile fail. */
export interface Episode {
  readonly failing: number;
  readonly mailboxes: number;
  readonly kind: string;
  readonly since: Date;
}

/** Somebody has to be told. `alertErrors`: whether the organization wants to hear of errors at all. */
export interface AnnounceAlertMail extends OfEpisode<'AnnounceAlertMail'> {
  readonly episode: Episode;
  readonly alertErrors: boolean;
}

/** The mail has left, to this many addresses. */
export interface RecordAlertMailSent extends OfEpisode<'RecordAlertMailSent'> {
  readonly recipients: number;
}

/** No mail leaves, or leaves any more. */
export interface DropAlertMail extends OfEpisode<'DropAlertMail'> {
  readonly reason: DropReason;
}

export type Command = AnnounceAlertMail | RecordAlertMailSent | DropAlertMail;
