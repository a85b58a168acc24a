import { describe, test } from 'vitest';
import { actorOf, contextOf } from '../testing/contexts.ts';
import { profileId } from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import { derivedId, EpisodeId } from '../values/index.ts';
import * as AlertMail from './index.ts';

const { given } = specificationOf(AlertMail.decider);
const { organizationId } = actorOf();
const context = contextOf();
const episodeId = EpisodeId.orThrow(derivedId('episode', 'first'));
const next = EpisodeId.orThrow(derivedId('episode', 'next'));
const episode = { failing: 6, mailboxes: 10, kind: 'ConnectTimeout', since: new Date('2026-01-01T09:00:00.000Z') };

const announce = (id = episodeId, alertErrors = true): AlertMail.Command => ({
  type: 'AnnounceAlertMail',
  context,
  profileId,
  episodeId: id,
  episode,
  alertErrors,
});
const send = (id = episodeId): AlertMail.Command => ({
  type: 'RecordAlertMailSent',
  context,
  profileId,
  episodeId: id,
  recipients: 2,
});
const drop = (id = episodeId): AlertMail.Command => ({
  type: 'DropAlertMail',
  context,
  profileId,
  episodeId: id,
  reason: 'refused',
});

const due = (id = episodeId) => AlertMail.AlertMailDue({ profileId, episodeId: id, organizationId, ...episode });
const sent = AlertMail.AlertMailSent({ profileId, episodeId, organizationId, recipients: 2 });
const dropped = (reason: AlertMail.DropReason, id = episodeId) =>
  AlertMail.AlertMailDropped({ profileId, episodeId: id, organizationId, reason });

describe('a mail about an episode', () => {
  test('is announced once', () => {
    given().when(announce()).thenEvents(due());
    given(due()).when(announce()).thenNothing();
    given(due(), sent).when(announce()).thenNothing();
  });
  test('is not sent where the organization wants to hear of no errors', () =>
    given().when(announce(episodeId, false)).thenEvents(due(), dropped('alertsOff')));
  test('is sent once, after it was announced', () => {
    given(due()).when(send()).thenEvents(sent);
    given(due(), sent).when(send()).thenNothing();
    given().when(send()).thenNothing();
  });
  test('is dropped once, unless it was sent', () => {
    given(due()).when(drop()).thenEvents(dropped('refused'));
    given(due(), dropped('refused')).when(drop()).thenNothing();
    given(due(), sent).when(drop()).thenNothing();
  });
});

describe('the next episode', () => {
  test('has a mail of its own', () => given(due(), sent).when(announce(next)).thenEvents(due(next)));
  test('ends what is still owed of the one before', () =>
    given(due()).when(announce(next)).thenEvents(dropped('over'), due(next)));
  test('is not touched by what comes late of the one before', () => {
    given(due(), sent, due(next)).when(send()).thenNothing();
    given(due(), sent, due(next)).when(drop()).thenNothing();
  });
});
