import * as E from 'fp-ts/lib/Either.js';
import * as AlertMail from '../../alert-mail/index.ts';
import type { AnnounceAlertMail, DeliverAlertMail } from '../../policies/index.ts';
import { derivedId, EmailAddress, mailboxIdOf } from '../../values/index.ts';
import type * as Profile from '../../profile/index.ts';
import { loadMailbox, loadProfile, loadSettings } from '../use-cases/facts.ts';
import { mailText } from './alert-mail-texts.ts';
import type { CarryOutEnvironment, CarryOutFailure } from './environment.ts';
import { systemContext } from './system-context.ts';

type Done = E.Either<CarryOutFailure, void>;
const done: Done = E.right(undefined);

type Recorded =
  | Pick<AlertMail.AnnounceAlertMail, 'type' | 'episode' | 'alertErrors'>
  | Pick<AlertMail.RecordAlertMailSent, 'type' | 'recipients'>
  | Pick<AlertMail.DropAlertMail, 'type' | 'reason'>;

const record = async (
  { repository, clock }: CarryOutEnvironment,
  { organizationId, profileId, episodeId, cause }: AnnounceAlertMail | DeliverAlertMail,
  what: Recorded,
): Promise<Done> => {
  const context = systemContext(clock, organizationId, derivedId(what.type, episodeId), cause);
  const recorded = await repository.execute(AlertMail.aggregate, { ...what, context, profileId, episodeId })();
  return E.isLeft(recorded) ? recorded : done;
};

/** Puts down that the owner has to be told, before anybody is. */
export const announceAlertMail = async (
  environment: CarryOutEnvironment,
  instruction: AnnounceAlertMail,
): Promise<Done> => {
  const settings = await loadSettings(environment, instruction.organizationId);
  if (E.isLeft(settings)) return settings;
  const episode = { ...instruction.episode, since: new Date(instruction.episode.since) };
  return record(environment, instruction, {
    type: 'AnnounceAlertMail',
    episode,
    alertErrors: settings.right.alertErrors,
  });
};

/** The owner's addresses: from the host's directory, else the one of their own mailbox, else the operator's. */
const recipientsOf = async (
  environment: CarryOutEnvironment,
  { organizationId, owner: { ownerKind: kind, ownerId: id } }: Profile.Existing,
): Promise<E.Either<CarryOutFailure, readonly EmailAddress[]>> => {
  const { addressBook, fallback = [] } = environment.alertMail ?? {};
  if (addressBook !== undefined) {
    const found = await addressBook.addressesOf(organizationId, { kind, id })();
    return E.isLeft(found) || found.right.length > 0 ? found : E.right(fallback);
  }
  if (kind === 'team') return E.right(fallback);
  const mailbox = await loadMailbox(environment, organizationId, mailboxIdOf(organizationId, 'user', id));
  if (E.isLeft(mailbox)) return mailbox;
  const address = mailbox.right?.address;
  return E.right(EmailAddress.is(address) ? [address] : fallback);
};

/**
 * Sends the mail that was announced, and puts down that it was. Killed in between it is sent again, as the same
 * message: its id is that of the episode.
 */
export const deliverAlertMail = async (
  environment: CarryOutEnvironment,
  instruction: DeliverAlertMail,
): Promise<Done> => {
  const { organizationId, profileId, episodeId, stop } = instruction;
  const drop = (reason: AlertMail.DropReason): Promise<Done> =>
    record(environment, instruction, { type: 'DropAlertMail', reason });
  const { repository, alertMail } = environment;
  const announced = await repository.load(AlertMail.aggregate, AlertMail.streamOf(profileId))();
  if (E.isLeft(announced)) return announced;
  const { state } = announced.right;
  if (state?.episodeId !== episodeId || state.stage !== 'due' || state.episode === null) return done;
  if (stop) return drop('over');
  if (alertMail === undefined) return drop('noMailServer');

  const profile = await loadProfile(environment, organizationId, profileId);
  if (E.isLeft(profile)) return profile;
  if (profile.right === null) return drop('over');
  const to = await recipientsOf(environment, profile.right);
  if (E.isLeft(to)) return to;
  if (to.right.length === 0) return drop('noRecipient');

  const { failing, mailboxes, kind, since } = state.episode;
  const params = { profile: profile.right.name, failing, mailboxes };
  const sent = await alertMail.mailer.send({
    id: episodeId,
    to: to.right,
    subject: mailText('Subject', params),
    paragraphs: [
      mailText('MostFail', { ...params, kind }),
      mailText('Since', { since: since.toISOString().replace('T', ' ').slice(0, 16) }),
      mailText('WhatToDo', {}),
      mailText('WhyYou', {}),
    ],
  })();
  if (E.isRight(sent))
    return record(environment, instruction, { type: 'RecordAlertMailSent', recipients: to.right.length });
  return sent.left._tag === 'AlertMailRefused' ? drop('refused') : E.left(sent.left);
};
