import type { DeploymentPolicy, MailProbe, MailProviders, ProtocolProbe } from '@mailroom/domain';

/** The two directions, from one probe for each protocol. */
const mailProbeOf = (probes: {
  readonly imap: ProtocolProbe<'imap'>;
  readonly pop3: ProtocolProbe<'pop3'>;
  readonly smtp: ProtocolProbe<'smtp'>;
}): MailProbe => ({
  checkIncoming: (target, credentials, options) =>
    target.protocol === 'imap'
      ? probes.imap.check({ ...target, protocol: 'imap' }, credentials, options)
      : probes.pop3.check({ ...target, protocol: 'pop3' }, credentials, options),
  checkOutgoing: (target, credentials, options) => probes.smtp.check(target, credentials, options),
  close: async () => {
    await Promise.all([probes.imap.close(), probes.pop3.close(), probes.smtp.close()]);
  },
});

/** Loads the mail adapters and points them at what the deployment allows. Throws when the policy cannot be read. */
export const loadMailProbe = async (deployment: DeploymentPolicy): Promise<MailProbe> => {
  const [{ createConnector }, { imapProbe }, { pop3Probe }, { smtpProbe }] = await Promise.all([
    import('@mailroom/mail-check'),
    import('@mailroom/mail-imap'),
    import('@mailroom/mail-pop3'),
    import('@mailroom/mail-smtp'),
  ]);
  const connector = createConnector({ policy: deployment });
  return mailProbeOf({
    imap: imapProbe({ connector }),
    pop3: pop3Probe({ connector }),
    smtp: smtpProbe({ connector }),
  });
};

/** What is known of providers, for hints when a profile is saved. */
export const loadMailProviders = async (): Promise<MailProviders> =>
  (await import('@mailroom/mail-check')).providerHints();
