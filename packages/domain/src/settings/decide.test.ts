import { describe, expect, test } from 'vitest';
import { derivedId } from '../kernel/derived-id.ts';
import { findingsOf } from '../kernel/rejection.ts';
import { actorOf, contextOf } from '../testing/contexts.ts';
import { specificationOf } from '../testing/specification.ts';
import { ProfileId } from '../values/index.ts';
import * as Settings from './index.ts';

const { given } = specificationOf(Settings.decider);
const { organizationId } = actorOf();
const profileId = ProfileId.orThrow(derivedId('profile', 'default'));

const configure = (
  changes: Settings.SettingsInput,
  defaultProfile: Settings.Command['defaultProfile'] = 'active',
): Settings.Command => ({
  type: 'ConfigureEmailSettings',
  context: contextOf(),
  organizationId,
  changes,
  defaultProfile,
});
const before: Settings.Settings = given().state();
const configured = (changes: Partial<Settings.Settings>) =>
  Settings.EmailSettingsConfigured({ organizationId, ...before, ...changes });

test('approval is required, alerts are on and owners are not notified until somebody says otherwise', () =>
  expect(before).toEqual({
    defaultProfileId: null,
    incoming: 'none',
    outgoing: 'none',
    act: 'none',
    approvalRequiredForUsers: true,
    approvalRequiredForQueues: true,
    alertErrors: true,
    alertWarnings: true,
    alertInformation: true,
    notifyMailboxOwner: false,
  }));

describe('configuring', () => {
  test.each<[Settings.SettingsInput]>([
    [{ defaultProfileId: profileId }],
    [{ incoming: 'serverSide' }],
    [{ outgoing: 'serverSide' }],
    [{ act: 'outlook' }],
    [{ approvalRequiredForUsers: false }],
    [{ approvalRequiredForQueues: false }],
    [{ alertErrors: false }],
    [{ alertWarnings: false }],
    [{ alertInformation: false }],
    [{ notifyMailboxOwner: true }],
  ])('%o changes that and keeps the rest; again, it changes nothing', (changes) => {
    const event = configured(changes as Partial<Settings.Settings>);
    given().when(configure(changes)).thenEvents(event);
    given(event).when(configure(changes)).thenNothing();
  });

  test('with nothing given, or what is set already, changes nothing', () => {
    given().when(configure({})).thenNothing();
    given()
      .when(configure({ incoming: undefined, alertErrors: true }))
      .thenNothing();
  });

  test('with a default profile, appointments, contacts and tasks are none', () => {
    given()
      .when(configure({ defaultProfileId: profileId, act: 'serverSide' }))
      .thenEvents(configured({ defaultProfileId: profileId, act: 'none' }));
    given(configured({ act: 'serverSide' }))
      .when(configure({ defaultProfileId: profileId }))
      .thenEvents(configured({ defaultProfileId: profileId, act: 'none' }));
    given()
      .when(configure({ act: 'serverSide' }))
      .thenEvents(configured({ act: 'serverSide' }));
  });

  test('the default profile can be taken away, whatever has become of it', () =>
    given(configured({ defaultProfileId: profileId }))
      .when(configure({ defaultProfileId: null }, 'missing'))
      .thenEvents(configured({})));

  test('a default profile that has become inactive does not stop other changes', () =>
    given(configured({ defaultProfileId: profileId }))
      .when(configure({ defaultProfileId: profileId, alertErrors: false }, 'inactive'))
      .thenEvents(configured({ defaultProfileId: profileId, alertErrors: false })));
});

describe('configuring is refused', () => {
  test.each([
    ['missing', 'DefaultProfileNotFound'],
    ['inactive', 'DefaultProfileInactive'],
  ] as const)('with a default profile that is %s', (standing, _tag) =>
    given()
      .when(configure({ defaultProfileId: profileId }, standing))
      .thenRejected({ _tag, field: 'defaultProfileId' }),
  );

  test('for the approval switches, without the right to approve; both are told at once, with the rest', () => {
    const context = contextOf({ actor: actorOf({ privileges: ['settings.write'] }) });
    const changes = { approvalRequiredForUsers: false, approvalRequiredForQueues: false, defaultProfileId: profileId };
    const { decision } = given().when({ ...configure(changes, 'missing'), context });
    if (decision._tag === 'Right') throw new Error('accepted');
    expect(findingsOf(decision.left).map(({ _tag, field }) => `${field ?? ''} ${_tag}`)).toEqual([
      'defaultProfileId DefaultProfileNotFound',
      'approvalRequiredForUsers ApprovalSwitchNotPermitted',
      'approvalRequiredForQueues ApprovalSwitchNotPermitted',
    ]);
    given()
      .when({ ...configure({ approvalRequiredForUsers: true, alertErrors: false }), context })
      .thenEvents(configured({ alertErrors: false }));
  });
});

test('what applying the defaults still lacks', () => {
  const settings = (changes: Partial<Settings.Settings>) => ({ ...before, ...changes });
  expect(Settings.missingDefaults(settings({}))).toEqual(['defaultProfileId', 'incoming', 'outgoing']);
  expect(Settings.missingDefaults(settings({ incoming: 'serverSide' }))).toEqual(['defaultProfileId']);
  expect(Settings.missingDefaults(settings({ defaultProfileId: profileId, outgoing: 'serverSide' }))).toEqual([]);
});
