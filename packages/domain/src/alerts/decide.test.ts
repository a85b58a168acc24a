import { describe, test } from 'vitest';
import { ada, admin, contextOf, organizationId } from '../testing/sample-mailbox.ts';
import { specificationOf } from '../testing/specification.ts';
import * as Alerts from './index.ts';

const { given } = specificationOf(Alerts.decider);
const dismiss = (alertKey: string | null, occurrences: number): Alerts.DismissAlert => ({
  type: 'DismissAlert',
  context: contextOf({ actor: { ...admin, id: ada } }),
  alertKey,
  occurrences,
});
const dismissed = (alertKey: string | null, occurrences: number) =>
  Alerts.AlertDismissed({ principalId: ada, organizationId, alertKey, occurrences });

describe('dismissing alerts', () => {
  test('takes one, or all, off the wall of whoever asks', () => {
    given().when(dismiss('mailbox/1/incoming', 3)).thenEvents(dismissed('mailbox/1/incoming', 3));
    given().when(dismiss(null, 0)).thenEvents(dismissed(null, 0));
  });

  test('can be done again: the same problem may have come back', () =>
    given(dismissed('mailbox/1/incoming', 1))
      .when(dismiss('mailbox/1/incoming', 1))
      .thenEvents(dismissed('mailbox/1/incoming', 1)));
});
