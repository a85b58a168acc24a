import { PrincipalId } from '../../kernel/command.ts';
import { AuthenticationProtocol, CredentialSource, ServerType } from '../../profile/index.ts';
import { Host, MailChannel, nullable, oneOf, ProfileId, TlsMode, UserName } from '../../values/index.ts';
import { fields } from '../edge/fields.ts';
import {
  connections,
  description,
  line,
  milliseconds,
  moment,
  pollingMinutes,
  portInput,
  profileName,
  secretInput,
  yesOrNo,
} from '../edge/inputs.ts';

/** Who gets the alerts: a person or a team of the host. */
export const owner = fields({ kind: oneOf('user', 'team'), id: PrincipalId }, {});

const settings = {
  /** Left out: filled in from protocol and TLS mode when the profile is saved, and remembered as automatic. */
  port: portInput,
  /** Left out: what belongs to the port, or TLS for incoming and STARTTLS for outgoing. */
  tls: TlsMode,
  authentication: AuthenticationProtocol,
  /** Authenticate Using (seed); default: the credentials of each mailbox. */
  credentials: CredentialSource,
};
const newEndpoint = fields({ host: Host }, settings);
const changedEndpoint = fields({}, { host: Host, ...settings });

const shared = {
  description: nullable(description),
  /** Use same settings for outgoing (seed): concerns credentials only. Default: yes. */
  sameSettingsForOutgoing: yesOrNo,
  /** Such as `{mailbox}*{user}`: the login name with which the profile's account opens a mailbox. */
  loginTemplate: nullable(line),
  /** Such as `user/{mailbox}`: where the profile's account finds a mailbox (IMAP). */
  folderTemplate: nullable(line),
  processEmailFrom: nullable(moment),
  minimumPollingMinutes: pollingMinutes,
  maximumConnections: connections,
  connectionTimeLimitMs: nullable(milliseconds),
  alertMail: yesOrNo,
};

/** True: tells which mailboxes it would concern and how, and changes nothing. Needs `mailboxes.read` too. */
const preview = { preview: yesOrNo };

const onProfile = { profileId: ProfileId };

/** The commands on email server profiles: what each takes, and which privileges it needs. */
export const profileCommands = {
  /**
   * Result: the id of the new profile, which follows from the command's own id. A preview tells what is wrong with it,
   * and what to know about its servers, before it is saved.
   */
  CreateProfile: {
    needs: ['profiles.write'],
    codec: fields(
      { type: oneOf('CreateProfile'), name: profileName, serverType: ServerType },
      { incoming: nullable(newEndpoint), outgoing: nullable(newEndpoint), owner, ...shared, ...preview },
    ),
  },
  /** What is left out stays as it is; `null` takes a server, a template or a limit away. */
  ChangeProfile: {
    needs: ['profiles.write'],
    codec: fields(
      { type: oneOf('ChangeProfile'), ...onProfile },
      {
        name: profileName,
        incoming: nullable(changedEndpoint),
        outgoing: nullable(changedEndpoint),
        ...shared,
        /** The stored passwords of its mailboxes may go to a changed host; needs `secrets.reuse`. */
        letMailboxSecretsFollow: yesOrNo,
        ...preview,
      },
    ),
  },
  /**
   * `channel` may be left out: the direction that uses the profile's credentials, incoming first. A new password makes
   * stale what was found with the former one; `testAndEnable` tests the mailboxes on the profile again along with it,
   * as one run, which needs the privileges of TestAndEnable too. `expiresOn`: when the password stops working; two weeks
   * before, an alert reminds of it.
   */
  SetProfileCredentials: {
    needs: ['profiles.write'],
    codec: fields(
      { type: oneOf('SetProfileCredentials'), ...onProfile, userName: UserName, password: secretInput },
      { channel: MailChannel, expiresOn: nullable(moment), testAndEnable: yesOrNo },
    ),
  },
  ClearProfileCredentials: {
    needs: ['profiles.write'],
    codec: fields({ type: oneOf('ClearProfileCredentials'), ...onProfile, channel: MailChannel }, {}),
  },
  /**
   * A new profile like this one that speaks the other protocol (or `serverType`), since a profile never changes its
   * own. Ports are filled in anew, secrets are not copied. With `moveMailboxes` its mailboxes move along, each with a
   * result of its own; that needs the privileges of EditMailboxes too.
   */
  CloneProfile: {
    needs: ['profiles.write'],
    codec: fields(
      { type: oneOf('CloneProfile'), ...onProfile },
      {
        name: profileName,
        serverType: ServerType,
        incoming: changedEndpoint,
        outgoing: changedEndpoint,
        moveMailboxes: yesOrNo,
      },
    ),
  },
  ChangeProfileOwner: {
    needs: ['profiles.write'],
    codec: fields({ type: oneOf('ChangeProfileOwner'), ...onProfile, owner }, {}),
  },
  ActivateProfile: {
    needs: ['profiles.write'],
    codec: fields({ type: oneOf('ActivateProfile'), ...onProfile }, {}),
  },
  DeactivateProfile: {
    needs: ['profiles.write'],
    codec: fields({ type: oneOf('DeactivateProfile'), ...onProfile }, preview),
  },
  /** With mailboxes on it, only with `force`. A preview shows what that does to them. */
  DeleteProfile: {
    needs: ['profiles.write'],
    codec: fields({ type: oneOf('DeleteProfile'), ...onProfile }, { force: yesOrNo, ...preview }),
  },
} as const;
