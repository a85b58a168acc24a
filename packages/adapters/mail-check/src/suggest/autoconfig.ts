import type { EmailAddress, Protocol } from '@mailroom/domain';
import { UserName } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { XMLParser } from 'fast-xml-parser';
import { hostNamed } from './host-name.ts';
import type { Candidate } from './suggestion.ts';

/** More servers than this of one kind are not looked at. */
const maxServers = 6;

type Node = Readonly<Record<string, unknown>>;

const children = (node: unknown, name: string): readonly Node[] => {
  const found: unknown = typeof node === 'object' && node !== null ? (node as Node)[name] : undefined;
  const all: readonly unknown[] = Array.isArray(found) ? found : [found];
  return all.filter((each): each is Node => typeof each === 'object' && each !== null);
};

/** The text of an element; of several the first. */
const text = (node: Node, name: string): string => {
  const found = node[name];
  const first: unknown = Array.isArray(found) ? found[0] : found;
  return typeof first === 'string' ? first.trim() : '';
};

/** Fills in the placeholders of the format; null when others are left. */
const filled = (template: string, address: EmailAddress): string | null => {
  const at = address.lastIndexOf('@');
  const values: Readonly<Record<string, string>> = {
    EMAILADDRESS: address,
    EMAILLOCALPART: address.slice(0, at),
    EMAILDOMAIN: address.slice(at + 1),
  };
  const result = template.replace(/%([A-Z]+)%/g, (whole, name: string) => values[name] ?? whole);
  return /%[A-Z]+%/.test(result) ? null : result;
};

const modes: Readonly<Record<string, Candidate['tls']>> = { SSL: 'tls', TLS: 'tls', STARTTLS: 'starttls' };

const serverOf = (node: Node, protocol: Protocol, address: EmailAddress): readonly Candidate[] => {
  const host = hostNamed(filled(text(node, 'hostname'), address) ?? '');
  const port = /^\d{1,5}$/.test(text(node, 'port')) ? Number(text(node, 'port')) : 0;
  const tls = modes[text(node, 'socketType').toUpperCase()];
  if (host === null || tls === undefined || port < 1 || port > 65_535) return [];
  const userName = UserName.from(filled(text(node, 'username'), address));
  return [
    {
      protocol,
      host,
      port,
      tls,
      userName: E.isRight(userName) ? userName.right : null,
      source: 'autoconfig',
      provider: null,
    },
  ];
};

/** A document type could define entities that grow or that name files; a configuration needs none. */
const hasDocumentType = (document: string): boolean => /<!(DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(document);

const parse = (document: string): unknown => {
  try {
    return new XMLParser({
      ignoreAttributes: false,
      attributeNamePrefix: '@',
      parseTagValue: false,
      parseAttributeValue: false,
      processEntities: false,
    }).parse(document);
  } catch {
    return null;
  }
};

/**
 * The servers that an autoconfig file names (Mozilla's config-v1.1 format), in its order. The file is a stranger's:
 * what is not understood, has no encryption or is no host name is left out, and a document type makes it worthless.
 */
export const readAutoconfig = (document: string, address: EmailAddress): readonly Candidate[] => {
  if (hasDocumentType(document)) return [];
  const providers = children(parse(document), 'clientConfig').flatMap((config) => children(config, 'emailProvider'));
  const incoming = providers.flatMap((provider) => children(provider, 'incomingServer')).slice(0, maxServers);
  const outgoing = providers.flatMap((provider) => children(provider, 'outgoingServer')).slice(0, maxServers);
  return [
    ...incoming.flatMap((node) => {
      const type = node['@type'];
      return type === 'imap' || type === 'pop3' ? serverOf(node, type, address) : [];
    }),
    ...outgoing.flatMap((node) => (node['@type'] === 'smtp' ? serverOf(node, 'smtp', address) : [])),
  ];
};
