import { describe, test } from 'vitest';
import { actorOf, contextOf } from '../testing/contexts.ts';
import { specificationOf } from '../testing/specification.ts';
import { mailboxIdOf } from '../values/index.ts';
import * as Account from './index.ts';

const { given } = specificationOf(Account.decider);
const box = (organization: string) => mailboxIdOf(organization, 'user', 'ada');
const reader = (organization: string) => ({
  organizationId: actorOf({ organization }).organizationId,
  mailboxId: box(organization),
});
const command = (type: Account.Command['type'], organization: string): Account.Command => ({
  type,
  context: contextOf({ actor: actorOf({ organization }) }),
  digest: 'digest',
  mailboxId: box(organization),
});
const collected = (organization: string, shared = false) =>
  Account.AccountCollected({ ...reader(organization), shared });
const left = (organization: string) => Account.AccountLeft(reader(organization));

describe('the account of a mail server', () => {
  test('is collected once by a mailbox', () => {
    given().when(command('CollectAccount', 'org-1')).thenEvents(collected('org-1'));
    given(collected('org-1')).when(command('CollectAccount', 'org-1')).thenNothing();
  });
  test('is shared when another organization collects it', () => {
    given(collected('org-1')).when(command('CollectAccount', 'org-2')).thenEvents(collected('org-2', true));
    given(collected('org-1'), left('org-1')).when(command('CollectAccount', 'org-2')).thenEvents(collected('org-2'));
  });
  test('is left once', () => {
    given(collected('org-1')).when(command('LeaveAccount', 'org-1')).thenEvents(left('org-1'));
    given(collected('org-1')).when(command('LeaveAccount', 'org-2')).thenNothing();
    given().when(command('LeaveAccount', 'org-1')).thenNothing();
  });
});
