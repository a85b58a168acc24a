import ipaddr from 'ipaddr.js';

export type Address = ipaddr.IPv4 | ipaddr.IPv6;
export type Range = readonly [Address, number];

/** Throws for text that is not a CIDR range: the deployment's own data must be right at the start. */
export const parseRange = (cidr: string): Range => {
  try {
    return ipaddr.parseCIDR(cidr.includes('/') ? cidr : `${cidr}/${cidr.includes(':') ? 128 : 32}`);
  } catch {
    throw new Error('allowedAddresses: expected CIDR ranges such as 192.168.0.0/16 or 2001:db8::/32');
  }
};

export const isWithin = (address: Address, [base, bits]: Range): boolean =>
  address.kind() === base.kind() && address.match(base, bits);

/**
 * Never connected to, whatever the deployment allows: what is link-local reaches the neighbours of this machine, the
 * well-known metadata services of clouds hand out credentials, and the others are no address of one host.
 */
export const neverAllowed: readonly Range[] = [
  '169.254.0.0/16', // link-local; metadata of AWS, Azure, Google, OpenStack and others at 169.254.169.254
  'fe80::/10', // link-local
  'fec0::/10', // site-local, deprecated
  '0.0.0.0/8', // "this network"; 0.0.0.0 reaches the machine itself
  '::/128',
  '224.0.0.0/4', // multicast
  'ff00::/8',
  '255.255.255.255/32', // broadcast
  '100.100.100.200/32', // metadata, Alibaba Cloud
  '192.0.0.192/32', // metadata, Oracle Cloud
  '168.63.129.16/32', // metadata, Azure host
  'fd00:ec2::/32', // metadata, AWS over IPv6
  'fd20:ce::/32', // metadata, Google Cloud over IPv6
].map(parseRange);

const v4In = (bytes: readonly number[], at: number): ipaddr.IPv4 => new ipaddr.IPv4(bytes.slice(at, at + 4));

/** Ranges of IPv6 that carry an IPv4 address, and at which byte of the address it stands. */
const carriers: readonly (readonly [Range, number])[] = [
  [parseRange('::ffff:0:0/96'), 12], // IPv4-mapped, RFC 4291
  [parseRange('::ffff:0:0:0/96'), 12], // IPv4-translated, RFC 2765
  [parseRange('::/96'), 12], // IPv4-compatible, deprecated
  [parseRange('64:ff9b::/96'), 12], // NAT64, RFC 6052
  [parseRange('64:ff9b:1::/48'), 12], // NAT64 for local use, RFC 8215
  [parseRange('2002::/16'), 2], // 6to4, RFC 3056
];

/** The IPv4 address that an IPv6 address of a transition technique leads to; null for any other. */
export const carriedIPv4 = (address: Address): ipaddr.IPv4 | null => {
  if (address.kind() === 'ipv4') return null;
  const bytes = address.toByteArray();
  if (isWithin(address, parseRange('::1/128')) || isWithin(address, parseRange('::/128'))) return null;
  for (const [range, at] of carriers) if (isWithin(address, range)) return v4In(bytes, at);
  // Teredo (RFC 4380) keeps it inverted in the last four bytes.
  if (isWithin(address, parseRange('2001::/32')))
    return v4In(
      bytes.map((byte) => 255 - byte),
      12,
    );
  // ISATAP (RFC 5214): an interface id of 0000:5efe or 0200:5efe before the address.
  if ((bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe)
    return v4In(bytes, 12);
  return null;
};

/** Techniques through which an ordinary public server may be reached: an IPv6-only network sees IPv4 through NAT64. */
export const isPlainCarrier = (address: Address): boolean =>
  isWithin(address, parseRange('::ffff:0:0/96')) || isWithin(address, parseRange('64:ff9b::/96'));
