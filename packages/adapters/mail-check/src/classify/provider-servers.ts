import type { Protocol } from '@mailroom/domain';

/** Where customers of a provider find one protocol. */
export interface ProviderServer {
  readonly protocol: Protocol;
  /** `{domain}` stands for the domain of the address. */
  readonly host: string;
  readonly port: number;
  readonly tls: 'tls' | 'starttls';
  /** Only for addresses in these domains; default: for every customer. */
  readonly domains?: readonly string[];
}

interface Names {
  readonly imap: string;
  readonly pop3?: string;
  readonly smtp: string;
  /** How the SMTP server is reached; default: both. */
  readonly submission?: readonly ProviderServer['tls'][];
}

/** Servers on the registered ports (RFC 8314): reading over TLS, sending over TLS or STARTTLS. */
export const serversAt = (
  { imap, pop3, smtp, submission = ['tls', 'starttls'] }: Names,
  domains?: readonly string[],
): readonly ProviderServer[] => {
  const only = domains === undefined ? {} : { domains };
  return [
    { protocol: 'imap', host: imap, port: 993, tls: 'tls', ...only },
    ...(pop3 === undefined ? [] : [{ protocol: 'pop3', host: pop3, port: 995, tls: 'tls', ...only } as const]),
    ...submission.map((tls) => ({
      protocol: 'smtp' as const,
      host: smtp,
      port: tls === 'tls' ? 465 : 587,
      tls,
      ...only,
    })),
  ];
};
