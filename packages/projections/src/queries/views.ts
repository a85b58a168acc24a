import { Settings } from '@mailroom/domain';
import type { AlertRow, DismissalsRow } from '../views/alert-row.ts';
import { dismissalsKey } from '../views/dismissals.ts';
import type { LiveView } from '../views/live-view.ts';
import type { MailboxRow } from '../views/mailbox-row.ts';
import type { ProfileRow } from '../views/profile-row.ts';
import type { SettingsRow } from '../views/settings.ts';
import type { TestRunRow } from '../views/test-runs.ts';
import type { AlertSources } from './alert-lines.ts';
import { byProfile } from './by-profile.ts';
import type { SettingsStatus } from './rows.ts';

/** The live views that queries are answered from. */
export interface QueryViews {
  readonly mailboxes: LiveView<MailboxRow>;
  readonly profiles: LiveView<ProfileRow>;
  readonly settings: LiveView<SettingsRow>;
  readonly alerts: LiveView<AlertRow>;
  readonly dismissals: LiveView<DismissalsRow>;
  readonly testRuns: LiveView<TestRunRow>;
}

/** All of them, for whoever waits for, runs or asks each. */
export const allLiveViews = (views: QueryViews): readonly LiveView<unknown>[] => [
  views.mailboxes,
  views.profiles,
  views.settings,
  views.alerts,
  views.dismissals,
  views.testRuns,
];

/** An organization that has configured nothing has the settings of the seed. */
export const settingsOf = (views: QueryViews, organizationId: string): SettingsStatus =>
  views.settings.rows.get(organizationId) ?? { organizationId, ...Settings.decider.initialState };

/** The joins of one query. What is expensive is worked out once, and only when it is asked for. */
export const sourcesOf = (views: QueryViews, expiredBefore: Date): AlertSources => {
  let grouped: ReturnType<typeof byProfile> | undefined;
  return {
    expiredBefore: expiredBefore.toISOString(),
    mailboxOf: (id) => views.mailboxes.rows.get(id),
    profileOf: (id) => views.profiles.rows.get(id),
    mailboxesOn: (id) => {
      grouped ??= byProfile(views.mailboxes.rows.values());
      return grouped.get(id) ?? [];
    },
    settingsOf: (organizationId) => settingsOf(views, organizationId),
    dismissalsOf: (organizationId, principalId) =>
      views.dismissals.rows.get(dismissalsKey(organizationId, principalId)),
  };
};
