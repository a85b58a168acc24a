import { OrganizationId, PrincipalId } from '@mailroom/domain';
import { expect, test } from 'vitest';
import { actorOf } from './actor.ts';

test('a user of the host becomes a person in no team', () =>
  expect(actorOf({ id: 'u-1', organizationId: 'acme', privileges: ['mailboxes.read'] })).toEqual({
    kind: 'person',
    id: 'u-1',
    organizationId: 'acme',
    privileges: ['mailboxes.read'],
    teams: [],
  }));

test('an actor of the domain stays what it is', () => {
  const actor = {
    kind: 'system',
    id: PrincipalId.orThrow('testing'),
    organizationId: OrganizationId.orThrow('acme'),
    privileges: [],
    teams: [PrincipalId.orThrow('t-1')],
  } as const;
  expect(actorOf(actor)).toEqual(actor);
});

test.each([
  [{ id: 'ada@example.org' }, 'actor.id: expected an id of 1 to 100 letters'],
  [{ organizationId: '' }, 'actor.organizationId: expected an id of 1 to 100 letters'],
  [{ teams: ['t-1', 'a team'] }, 'actor.teams[1]: expected an id of 1 to 100 letters'],
])('%o cannot be an actor, and the value is not repeated', (wrong, problem) => {
  const given = () => actorOf({ id: 'u-1', organizationId: 'acme', privileges: [], ...wrong });
  expect(given).toThrow(TypeError);
  expect(given).toThrow(problem);
  expect(given).not.toThrow('ada@');
});
