import { describe, expect, test } from 'vitest';
import { actorOf, contextOf } from '../testing/contexts.ts';
import {
  after,
  change,
  create,
  elsewhere,
  findings,
  given,
  mail,
  shared,
  smtp,
  stateAfter,
  types,
} from '../testing/profiles.ts';
import { Name } from '../values/index.ts';
import type * as Profile from './index.ts';

describe('changing', () => {
  test('what is left out stays; nothing new is nothing', () =>
    given(...after(create()))
      .when(change({ incoming: { host: mail }, outgoing: {} }))
      .thenNothing());

  test('a port that was filled in follows the TLS mode', () => {
    const { incoming } = stateAfter(create(), change({ incoming: { tls: 'starttls' } })).connection;
    expect(incoming).toMatchObject({ port: 143, portSource: 'automatic', tls: 'starttls' });
  });

  test('a port that was chosen survives, even when it is the usual one', () => {
    const { incoming } = stateAfter(
      create({ incoming: { host: mail, port: 993 } }),
      change({ incoming: { tls: 'starttls' } }),
    ).connection;
    expect(incoming).toMatchObject({ port: 993, portSource: 'chosen', tls: 'starttls' });
  });

  test('a chosen port can be given back', () => {
    const { incoming } = stateAfter(
      create({ incoming: { host: mail, port: 1143, tls: 'starttls' } }),
      change({ incoming: { port: 'automatic' } }),
    ).connection;
    expect(incoming).toMatchObject({ port: 143, portSource: 'automatic' });
  });

  test('each change of the connection counts; other changes do not', () => {
    const changed = change({ incoming: { port: 1993 } });
    expect(stateAfter(create()).configuration).toBe(1);
    expect(stateAfter(create(), changed).configuration).toBe(2);
    const renamed: Profile.Command = {
      ...change({}),
      name: Name.orThrow('Help desk'),
      processing: { alertMail: true },
    };
    expect(types(renamed, create())).toEqual(['ProfileDescribed', 'ProfileProcessingChanged']);
    expect(stateAfter(create(), renamed)).toMatchObject({ configuration: 1, name: 'Help desk' });
    expect(types(renamed, create(), renamed)).toEqual([]);
  });

  test('a direction can be taken away, but not the last one', () => {
    expect(stateAfter(create(), change({ outgoing: null })).connection.outgoing).toBeNull();
    expect(findings(change({ incoming: null, outgoing: null }), create())).toEqual(['incoming LocationMissing']);
  });

  test('a policy that became stricter does not stop a new description', () => {
    const rules = { ports: [465] };
    const described: Profile.Command = { ...change({}, rules), description: 'Berlin' };
    expect(types(described, create())).toEqual(['ProfileDescribed']);
    expect(findings(change({ outgoing: { tls: 'tls' } }, rules), create())).toEqual(['incoming.port NoPermittedPort']);
  });

  test('each field of processing counts for itself', () => {
    const inputs: readonly Profile.ProcessingInput[] = [
      { processEmailFrom: new Date('2026-02-01T00:00:00.000Z') },
      { minimumPollingMinutes: 15 },
      { maximumConnections: 2 },
      { connectionTimeLimitMs: 20_000 },
      { alertMail: true },
    ];
    for (const processing of inputs) {
      const command: Profile.Command = { ...change({}), processing };
      expect(types(command, create())).toEqual(['ProfileProcessingChanged']);
      expect(stateAfter(create(), command).processing).toMatchObject(processing);
      expect(types(command, create(), command)).toEqual([]);
    }
  });
});

describe('the secrets of the mailboxes, when the profile changes', () => {
  const mailboxSecrets = (command: Profile.ChangeProfile, before: Profile.ConnectionInput) => {
    const { decision } = given(...after(create(before))).when(command);
    if (decision._tag === 'Left') return decision.left._tag;
    return decision.right.flatMap((event) =>
      event.type === 'ProfileConnectionChanged' ? [event.data.mailboxSecrets] : [],
    )[0];
  };
  const own: Profile.ConnectionInput = { incoming: { host: mail }, outgoing: { host: smtp } };

  test('stay with the host', () => {
    expect(mailboxSecrets(change({ incoming: { port: 1993 } }), own)).toBe('keep');
    expect(mailboxSecrets(change({ incoming: { host: smtp } }), own)).toBe('keep');
    expect(mailboxSecrets(change({ outgoing: null }), own)).toBe('keep');
  });

  test('are cleared when they would go elsewhere', () => {
    expect(mailboxSecrets(change({ outgoing: { host: elsewhere } }), own)).toBe('clear');
    expect(mailboxSecrets(change({ outgoing: { host: elsewhere } }), { incoming: { host: mail } })).toBe('clear');
  });

  test('do not go to the host of an account of the profile', () =>
    expect(mailboxSecrets(change({ incoming: { host: elsewhere } }), shared)).toBe('keep'));

  test('follow when somebody who may decide so says it', () => {
    const follow = { ...change({ incoming: { host: elsewhere } }), letMailboxSecretsFollow: true };
    expect(mailboxSecrets(follow, own)).toBe('follow');
    const actor = actorOf({ privileges: ['profiles.write'] });
    expect(mailboxSecrets({ ...follow, context: contextOf({ actor }) }, own)).toBe('SecretsReuseNotPermitted');
  });
});
