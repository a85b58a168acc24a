import { type Actor, type Privilege, type QueryRefused, textsOf } from '@mailroom/domain';
import type { Query } from './query.ts';
import type { QueryableView } from './rows.ts';

const say = textsOf('query', {
  PrivilegeMissing: 'The view {view} needs the privilege {privilege}, which you do not have. Ask your administrator.',
});

/** What a query needs. Most need nothing: they show what the actor may see. The history of all is for auditors. */
const needsOf = (view: QueryableView, { record }: Query): Privilege | null =>
  view === 'history' && record === undefined ? 'audit.read' : null;

/** Why the actor may not ask this; null: they may. */
export const refusalOf = (view: QueryableView, actor: Actor, query: Query): QueryRefused | null => {
  const privilege = needsOf(view, query);
  if (privilege === null || actor.privileges.includes(privilege)) return null;
  return { _tag: 'PrivilegeMissing', privilege, problem: say('PrivilegeMissing', { view, privilege }).sentence };
};
