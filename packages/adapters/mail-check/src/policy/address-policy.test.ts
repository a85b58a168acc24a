import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAddressPolicy, literalAddress } from './address-policy.ts';

const strict = createAddressPolicy([]);

describe('the address policy', () => {
  it.each(['8.8.8.8', '1.1.1.1', '2606:4700:4700::1111', '::ffff:8.8.8.8', '64:ff9b::808:808'])(
    'permits the public address %s',
    (address) => {
      expect(strict.permits(address)).toBe(true);
    },
  );

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '::1',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    'fd12:3456::1',
    '100.64.0.1',
    '198.18.0.1',
    '192.0.2.1',
    '240.0.0.1',
    '0.0.0.0',
    '::',
    '169.254.169.254',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    '224.0.0.1',
    'ff02::1',
    '255.255.255.255',
    '::ffff:127.0.0.1',
    '::ffff:7f00:1',
    '::127.0.0.1',
    '::ffff:0:127.0.0.1',
    '64:ff9b::7f00:1',
    '64:ff9b::10.0.0.1',
    '64:ff9b:1::808:808',
    '2002:7f00:1::',
    '2002:a00:1::1',
    '2001:0:4136:e378:8000:63bf:80ff:fffe',
    '2001:db8::1',
    'mail.example.org',
    '',
  ])('refuses %s unless the deployment allows it', (address) => {
    expect(strict.permits(address)).toBe(false);
  });

  it('permits what the deployment names, also in its mapped form', () => {
    const policy = createAddressPolicy(['127.0.0.0/8', '10.1.0.0/16', 'fd12::/16', '::1']);
    for (const address of ['127.0.0.1', '10.1.2.3', 'fd12::9', '::1', '::ffff:127.0.0.1', '64:ff9b::10.1.2.3']) {
      expect(policy.permits(address)).toBe(true);
    }
    expect(policy.permits('10.2.0.1')).toBe(false);
    expect(policy.permits('2002:7f00:1::')).toBe(false);
  });

  it.each([
    '169.254.169.254',
    'fe80::1',
    '0.0.0.0',
    '::',
    '224.0.0.1',
    '100.100.100.200',
    '::ffff:169.254.169.254',
    '64:ff9b::a9fe:a9fe',
    '2002:a9fe:a9fe::1',
  ])('never permits %s, even when everything is allowed', (address) => {
    expect(createAddressPolicy(['0.0.0.0/0', '::/0']).permits(address)).toBe(false);
  });

  it('refuses the own addresses of the machine', () => {
    const policy = createAddressPolicy([], () => new Set(['203.0.114.7']));
    expect(policy.permits('203.0.114.7')).toBe(false);
    expect(policy.permits('203.0.114.8')).toBe(true);
  });

  it('says at the start that a range is wrong, without repeating it', () => {
    expect(() => createAddressPolicy(['not-a-range'])).toThrow('expected CIDR ranges');
    expect(() => createAddressPolicy(['not-a-range'])).not.toThrow('not-a-range');
  });

  it('judges an address the same in every notation and every carrier that hides it', () => {
    const octet = fc.nat({ max: 255 });
    fc.assert(
      fc.property(fc.tuple(octet, octet, octet, octet), ([a, b, c, d]) => {
        const dotted = `${a}.${b}.${c}.${d}`;
        const number = ((a * 256 + b) * 256 + c) * 256 + d;
        const permitted = strict.permits(dotted);
        for (const host of [
          String(number),
          `0x${number.toString(16)}`,
          `${a}.${b}.${c * 256 + d}`,
          `::ffff:${dotted}`,
        ]) {
          expect(strict.permits(literalAddress(host) ?? '')).toBe(permitted);
        }
        expect(strict.permits(`64:ff9b::${dotted}`)).toBe(permitted);
      }),
    );
  });
});

describe('a literal address', () => {
  it.each([
    ['2130706433', '127.0.0.1'],
    ['0x7f.1', '127.0.0.1'],
    ['0177.0.0.1', '127.0.0.1'],
    ['127.1', '127.0.0.1'],
    ['::ffff:127.0.0.1', '127.0.0.1'],
    ['[::1]', '::1'],
  ])('%s is %s', (host, address) => {
    expect(literalAddress(host)).toBe(address);
  });

  it('is not a name', () => {
    expect(literalAddress('mail.example.org')).toBeNull();
    expect(literalAddress('localhost')).toBeNull();
  });
});
