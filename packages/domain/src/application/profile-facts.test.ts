import { describe, expect, test } from 'vitest';
import { existingProfile } from '../testing/existing.ts';
import { mail, profileId, smtp } from '../testing/profiles.ts';
import { profileFactsOf } from './profile-facts.ts';

/** The profile whose both directions log in like this. */
const facts = (incoming: 'mailbox' | 'profile' | 'oauth', outgoing: typeof incoming) =>
  profileFactsOf(
    profileId,
    existingProfile({
      connection: {
        incoming: { host: mail, credentials: incoming },
        outgoing: { host: smtp, credentials: outgoing },
        sameSettingsForOutgoing: incoming === outgoing,
      },
    }),
  );

describe('what a command on a mailbox knows of its profile', () => {
  test.each([
    ['mailbox', true],
    ['oauth', true],
    ['profile', false],
  ] as const)('credentials of kind %s are the mailbox’s own: %s', (source, own) => {
    expect(facts(source, 'mailbox').ownCredentials).toEqual({ incoming: own, outgoing: true });
    expect(facts('mailbox', source).ownCredentials).toEqual({ incoming: true, outgoing: own });
  });

  test('a direction that it does not have asks for none', () => {
    const outgoingOnly = existingProfile({ connection: { outgoing: { host: smtp } } });
    expect(profileFactsOf(profileId, outgoingOnly).ownCredentials).toEqual({ incoming: null, outgoing: true });
  });
});
