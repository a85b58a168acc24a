import { checked } from '../../kernel/checked.ts';
import { ActMethod, IncomingMethod, OutgoingMethod } from '../../settings/index.ts';
import { count, nullable, oneOf, ProfileId } from '../../values/index.ts';
import { fields } from '../edge/fields.ts';
import { yesOrNo } from '../edge/inputs.ts';

const alertKey = checked(
  'the key of an alert',
  (input): input is string => typeof input === 'string' && input.length >= 1 && input.length <= 300,
);

/** The commands on an organization's settings and on a person's own wall. */
export const organizationCommands = {
  /**
   * What is left out stays as it is. The approval switches need `addresses.approve` too. Appointments, contacts and
   * tasks become "none" with a POP3 or IMAP default profile, and the outcome says so.
   */
  ConfigureEmailSettings: {
    needs: ['settings.write'],
    codec: fields(
      { type: oneOf('ConfigureEmailSettings') },
      {
        defaultProfileId: nullable(ProfileId),
        incoming: IncomingMethod,
        outgoing: OutgoingMethod,
        act: ActMethod,
        approvalRequiredForUsers: yesOrNo,
        approvalRequiredForQueues: yesOrNo,
        alertErrors: yesOrNo,
        alertWarnings: yesOrNo,
        alertInformation: yesOrNo,
        notifyMailboxOwner: yesOrNo,
      },
    ),
  },
  /**
   * Takes an alert off the actor's own wall, or all of them (`alertKey: null`). `occurrences`: the count that the
   * alert showed; should the problem have occurred again since, the alert stays.
   */
  DismissAlert: {
    needs: [],
    codec: fields({ type: oneOf('DismissAlert'), alertKey: nullable(alertKey) }, { occurrences: count }),
  },
} as const;
