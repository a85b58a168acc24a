import type { AddressBook, AlertMailer, AlertMailPorts, DeploymentPolicy } from '@mailroom/domain';
import { EmailAddress } from '@mailroom/domain';
import type { AlertMailServerOptions } from '@mailroom/alert-mail';
import * as E from 'fp-ts/lib/Either.js';
import { OpenFailure } from './open-failure.ts';

/** How the owners of profiles are told by mail that most of their mailboxes do not work. */
export interface AlertMailOptions {
  /** The deployment's own SMTP server, or a mailer of the host's own (which the host closes). */
  readonly through: AlertMailServerOptions | AlertMailer;
  /** Where people and teams of the host read their mail; left out: a person is told at their own mailbox's address. */
  readonly addressBook?: AddressBook;
  /** Addresses to tell when no address of the owner is known, such as the operator's. */
  readonly fallback?: readonly string[];
}

const isMailer = (through: AlertMailOptions['through']): through is AlertMailer => 'send' in through;

const mailerFor = async (
  through: AlertMailOptions['through'],
  deployment: DeploymentPolicy,
): Promise<{ readonly mailer: AlertMailer; readonly close: () => Promise<void> }> => {
  if (isMailer(through)) return { mailer: through, close: async () => undefined };
  const [{ alertMailer, alertMailServer }, { createConnector }] = await Promise.all([
    import('@mailroom/alert-mail'),
    import('@mailroom/mail-check'),
  ]);
  const server = alertMailServer(through, deployment.ports, process.env);
  if (E.isLeft(server)) throw new OpenFailure('alertMail', new Error(server.left.join('; ')));
  const mailer = alertMailer({ server: server.right, connector: createConnector({ policy: deployment }) });
  return { mailer, close: mailer.close };
};

/** Alert mail as it was configured; null: none leaves. It obeys the address and port policy of the deployment. */
export const loadAlertMail = async (
  options: AlertMailOptions | undefined,
  deployment: DeploymentPolicy,
): Promise<{ readonly ports: AlertMailPorts; readonly close: () => Promise<void> } | null> => {
  if (options === undefined) return null;
  const { through, addressBook, fallback = [] } = options;
  const addresses = fallback.map((address) => EmailAddress.from(address));
  if (addresses.some(E.isLeft)) {
    throw new OpenFailure('alertMail', new Error('fallback: expected email addresses such as ada@example.org'));
  }
  const { mailer, close } = await mailerFor(through, deployment);
  return {
    ports: {
      mailer,
      ...(addressBook === undefined ? {} : { addressBook }),
      fallback: addresses.flatMap((address) => (E.isRight(address) ? [address.right] : [])),
    },
    close,
  };
};
