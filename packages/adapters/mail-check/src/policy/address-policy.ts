import ipaddr from 'ipaddr.js';
import { type Address, carriedIPv4, isPlainCarrier, isWithin, neverAllowed, parseRange } from './address-ranges.ts';

/** Decides which addresses a tenant may make this machine connect to. */
export interface AddressPolicy {
  /** False also for text that is no address. */
  readonly permits: (address: string) => boolean;
}

const parse = (text: string): Address | null => {
  // An address with a zone id is link-local by nature.
  if (text.includes('%') || !ipaddr.isValid(text)) return null;
  return ipaddr.parse(text);
};

/** The address that a host in any notation stands for (0x7f.1, 2130706433, ::ffff:7f00:1 ...); null for a name. */
export const literalAddress = (host: string): string | null => {
  const bare = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
  if (!ipaddr.isValid(bare)) return null;
  return ipaddr.process(bare).toString();
};

/**
 * Public addresses are permitted; loopback, this machine's own, private and all special ranges only where `allowed`
 * names them; link-local, metadata services, multicast and unspecified addresses never. An IPv6 address that carries
 * an IPv4 address is judged by that one, too. `ownAddresses` is asked each time: addresses of a machine change.
 */
export const createAddressPolicy = (
  allowed: readonly string[],
  ownAddresses: () => ReadonlySet<string> = () => new Set(),
): AddressPolicy => {
  const ranges = allowed.map(parseRange);
  const isNamed = (address: Address): boolean => ranges.some((range) => isWithin(address, range));
  const isNever = (address: Address): boolean => neverAllowed.some((range) => isWithin(address, range));

  const permitsAddress = (address: Address): boolean => {
    const carried = carriedIPv4(address);
    if (isNever(address) || (carried !== null && isNever(carried))) return false;
    if (isNamed(address)) return true;
    if (carried !== null) return isPlainCarrier(address) && permitsAddress(carried);
    return address.range() === 'unicast' && !ownAddresses().has(address.toString());
  };

  return {
    permits: (text) => {
      const address = parse(text);
      return address !== null && permitsAddress(address);
    },
  };
};
