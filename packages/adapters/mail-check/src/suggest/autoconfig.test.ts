import { EmailAddress, Host } from '@mailroom/domain';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAutoconfig } from './autoconfig.ts';

const address = EmailAddress.orThrow('ada@example.test');

const file = (servers: string): string =>
  `<?xml version="1.0"?><clientConfig version="1.1"><emailProvider id="x">${servers}</emailProvider></clientConfig>`;

const imap = (inside: string, type = 'imap'): string => `<incomingServer type="${type}">${inside}</incomingServer>`;

const good = imap(
  '<hostname>imap.example.test</hostname><port>993</port><socketType>SSL</socketType><username>%EMAILADDRESS%</username>',
);

describe('an autoconfig file', () => {
  it('names servers, ports, encryption and the user name', () => {
    const read = readAutoconfig(
      file(`<domain>example.test</domain>${good}
        <incomingServer type="pop3"><hostname>pop.%EMAILDOMAIN%</hostname><port>110</port>
          <socketType>STARTTLS</socketType><username>%EMAILLOCALPART%</username></incomingServer>
        <outgoingServer type="smtp"><hostname>SMTP.example.test.</hostname><port>465</port>
          <socketType>SSL</socketType><username>fixed</username></outgoingServer>`),
      address,
    );
    const common = { source: 'autoconfig', provider: null };
    expect(read).toEqual([
      { ...common, protocol: 'imap', host: 'imap.example.test', port: 993, tls: 'tls', userName: 'ada@example.test' },
      { ...common, protocol: 'pop3', host: 'pop.example.test', port: 110, tls: 'starttls', userName: 'ada' },
      { ...common, protocol: 'smtp', host: 'smtp.example.test', port: 465, tls: 'tls', userName: 'fixed' },
    ]);
  });

  it.each([
    ['without encryption', imap('<hostname>a.example.test</hostname><port>143</port><socketType>plain</socketType>')],
    ['at an address', imap('<hostname>127.0.0.1</hostname><port>993</port><socketType>SSL</socketType>')],
    ['at an address in disguise', imap('<hostname>0x7f.1</hostname><port>993</port><socketType>SSL</socketType>')],
    ['at a local name', imap('<hostname>localhost</hostname><port>993</port><socketType>SSL</socketType>')],
    ['at no name', imap('<hostname>a b</hostname><port>993</port><socketType>SSL</socketType>')],
    ['at a placeholder', imap('<hostname>%MX%.test</hostname><port>993</port><socketType>SSL</socketType>')],
    ['without a port', imap('<hostname>a.example.test</hostname><socketType>SSL</socketType>')],
    ['with port 0', imap('<hostname>a.example.test</hostname><port>0</port><socketType>SSL</socketType>')],
    ['with port 65536', imap('<hostname>a.example.test</hostname><port>65536</port><socketType>SSL</socketType>')],
    [
      'of another protocol',
      imap('<hostname>a.example.test</hostname><port>443</port><socketType>SSL</socketType>', 'exchange'),
    ],
  ])('a server %s is left out, its neighbour is not', (_, server) => {
    expect(readAutoconfig(file(`${server}${good}`), address).map(({ host }) => host)).toEqual(['imap.example.test']);
  });

  it('a user name with control characters is no user name', () => {
    const server = good.replace('%EMAILADDRESS%', 'ada&#13;\u0001DELE 1');
    expect(readAutoconfig(file(server), address)).toMatchObject([{ userName: null }]);
  });

  it('is worthless with a document type, whatever else it says', () => {
    const doctype =
      '<!DOCTYPE clientConfig [<!ENTITY host "imap.example.test"><!ENTITY f SYSTEM "file:///etc/passwd">]>';
    expect(readAutoconfig(`<?xml version="1.0"?>${doctype}${file(good).slice(21)}`, address)).toEqual([]);
    expect(readAutoconfig(file(good), address)).toHaveLength(1);
  });

  it('names a handful of servers at most', () => {
    expect(readAutoconfig(file(good.repeat(500)), address).length).toBeLessThanOrEqual(6);
  });

  it.each([
    '',
    'no XML',
    '<html><body>Not found</body></html>',
    '<clientConfig/>',
    '<'.repeat(1_000),
    '<a>'.repeat(30_000),
  ])('that is none names nothing (%#)', (document) => {
    expect(readAutoconfig(document, address)).toEqual([]);
  });

  it('whatever is in it: no exception, and only whole host names and ports', () => {
    const word = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('imap.example.test', '993', 'SSL', '%EMAILADDRESS%', '<a>', ']]>', '<![CDATA[', '__proto__'),
    );
    const element = fc
      .tuple(fc.constantFrom('hostname', 'port', 'socketType', 'username', 'constructor', 'toString'), word)
      .map(([name, inside]) => `<${name}>${inside}</${name}>`);
    const document = fc
      .array(
        fc.array(element, { maxLength: 6 }).map((each) => imap(each.join(''))),
        { maxLength: 4 },
      )
      .map((servers) => file(servers.join('')));
    fc.assert(
      fc.property(fc.oneof(document, word), (given) => {
        for (const { host, port } of readAutoconfig(given, address)) {
          expect(Host.is(host) && host.includes('.')).toBe(true);
          expect(Number.isInteger(port) && port >= 1 && port <= 65_535).toBe(true);
        }
      }),
    );
  });
});
