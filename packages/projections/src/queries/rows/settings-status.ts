/** The settings of an organization, with the defaults where it has set nothing. */
export interface SettingsStatus {
  readonly organizationId: string;
  readonly defaultProfileId: string | null;
  readonly incoming: string;
  readonly outgoing: string;
  readonly act: string;
  readonly approvalRequiredForUsers: boolean;
  readonly approvalRequiredForQueues: boolean;
  readonly alertErrors: boolean;
  readonly alertWarnings: boolean;
  readonly alertInformation: boolean;
  readonly notifyMailboxOwner: boolean;
}
