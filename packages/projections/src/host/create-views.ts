import type { DomainEvent } from '@mailroom/domain';
import type { View } from '../runner/definition.ts';
import type { FollowerEnv } from '../runner/follower-types.ts';
import { type LiveView, liveView, type LiveViewOptions } from '../views/live-view.ts';
import { alertsView } from '../views/alerts.ts';
import { dismissalsView } from '../views/dismissals.ts';
import { mailboxesView } from '../views/mailboxes.ts';
import { profilesView } from '../views/profiles.ts';
import { settingsView } from '../views/settings.ts';
import { testRunsView } from '../views/test-runs.ts';
import type { QueryViews } from '../queries/views.ts';

/** Every view that queries stand on, for whoever runs, rebuilds or compares them. */
export const allViews = {
  mailboxes: mailboxesView,
  profiles: profilesView,
  settings: settingsView,
  alerts: alertsView,
  dismissals: dismissalsView,
  testRuns: testRunsView,
} as const;

/** Creates them; each follows the history once it is run. */
export const createViews = (env: FollowerEnv, options: LiveViewOptions): QueryViews => {
  const live = <Row, Event extends DomainEvent>(view: View<Row, Event>): LiveView<Row> => liveView(env, view, options);
  return {
    mailboxes: live(allViews.mailboxes),
    profiles: live(allViews.profiles),
    settings: live(allViews.settings),
    alerts: live(allViews.alerts),
    dismissals: live(allViews.dismissals),
    testRuns: live(allViews.testRuns),
  };
};
