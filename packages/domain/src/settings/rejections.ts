import { type RejectionOf, rejectionsOf } from '../kernel/rejection.ts';

/** Every way the domain can turn a change of the settings down, with the sentence for people. */
export const reject = rejectionsOf({
  DefaultProfileNotFound: 'There is no email server profile {profileId} that could be the default. Choose another one.',
  DefaultProfileInactive:
    'The email server profile {profileId} is deactivated. Activate it first, or choose another one.',
  ApprovalSwitchNotPermitted:
    'Whether email addresses need approval may be changed only by those who may approve them, with the privilege addresses.approve. Ask your administrator.',
});

export type Rejection = RejectionOf<typeof reject>;
