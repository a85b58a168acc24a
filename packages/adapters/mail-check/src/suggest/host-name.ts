import { Host } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { literalAddress } from '../policy/address-policy.ts';

/**
 * A name that a stranger gave, as the host of a candidate: in lower case, without the dot at its end. Null unless it is
 * a whole name in the DNS: certificates are for names, and a name without a dot means something else on each network.
 */
export const hostNamed = (name: string): Host | null => {
  const bare = name.trim().toLowerCase().replace(/\.$/, '');
  if (!bare.includes('.') || literalAddress(bare) !== null) return null;
  const host = Host.from(bare);
  return E.isRight(host) ? host.right : null;
};

/** Whether a name is the domain or lies in it. */
export const isWithinDomain = (name: string, domain: string): boolean => name === domain || name.endsWith(`.${domain}`);
