import type { OrganizationId, PrincipalId } from '../kernel/command.ts';
import type { Event } from './events.ts';

/** Where a run stands. Cancelled and completed are its ends. */
export type State =
  | { readonly _tag: 'NotRequested' }
  | {
      readonly _tag: 'Requested' | 'Started' | 'Cancelled' | 'Completed';
      readonly organizationId: OrganizationId;
      readonly requestedBy: PrincipalId;
    };

export const initialState: State = { _tag: 'NotRequested' };

export const evolve = (state: State, event: Event): State => {
  if (event.type === 'TestRunRequested') {
    const { organizationId, requestedBy } = event.data;
    return { _tag: 'Requested', organizationId, requestedBy };
  }
  if (state._tag === 'NotRequested') return state;

  switch (event.type) {
    case 'TestRunStarted':
      return { ...state, _tag: 'Started' };
    case 'TestRunCancelled':
      return { ...state, _tag: 'Cancelled' };
    case 'TestRunCompleted':
      return { ...state, _tag: 'Completed' };
  }
};
