import type { TaskEither } from 'fp-ts/lib/TaskEither.js';
import type { OrganizationId, PrincipalId } from '../../kernel/command.ts';
import type { Text } from '../../kernel/text.ts';
import type { EmailAddress } from '../../values/index.ts';

/** A mail to people whose mail servers are in trouble. Plain text, one paragraph for each text. */
export interface AlertMailMessage {
  /** UUID. A mail with the same id is the same message, sent again after a crash: it carries the same Message-ID. */
  readonly id: string;
  /** At least one. */
  readonly to: readonly EmailAddress[];
  readonly subject: Text;
  readonly paragraphs: readonly Text[];
}

/** The server cannot be reached, or does not take mail now: it may pass, and the mail is owed still. */
export interface AlertMailUnavailable {
  readonly _tag: 'AlertMailUnavailable';
  /** Kind of the failure taxonomy, for the operator. */
  readonly kind: string;
}

/** The server will not take this mail, however often it is asked: a login, sender or recipient it refuses. */
export interface AlertMailRefused {
  readonly _tag: 'AlertMailRefused';
  /** Kind of the failure taxonomy, for the operator. */
  readonly kind: string;
}

/** Sends mail over the deployment's own server. Never rejects and always settles; every adapter passes `alertMailerLaws`. */
export interface AlertMailer {
  /** Right: the server has taken it for at least one of the recipients. */
  readonly send: (mail: AlertMailMessage) => TaskEither<AlertMailUnavailable | AlertMailRefused, void>;
  /** Ends what is under way; what was not sent is owed still. */
  readonly close: () => Promise<void>;
}

/** The host's directory cannot answer now; may pass. */
export interface AddressBookUnavailable {
  readonly _tag: 'AddressBookUnavailable';
  readonly cause: unknown;
}

/** Where the people and teams of the host read their mail. The host knows; Mailroom knows only its mailboxes. */
export interface AddressBook {
  /** Empty: nobody of them has an address. */
  readonly addressesOf: (
    organizationId: OrganizationId,
    owner: { readonly kind: 'user' | 'team'; readonly id: PrincipalId },
  ) => TaskEither<AddressBookUnavailable, readonly EmailAddress[]>;
}
