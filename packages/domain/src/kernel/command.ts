import type { Branded } from './brand.ts';
import { type BrandedString, brandedString } from './brand.ts';
import { withJsonSchema } from './json-schema.ts';

const externalIdPattern = /^[A-Za-z0-9][A-Za-z0-9._~-]{0,99}$/;

const externalId = <Name extends string>(name: Name): BrandedString<Name> =>
  withJsonSchema(
    brandedString(name, 'an id of 1 to 100 letters, digits, dots, underscores, tildes or hyphens', (text) =>
      externalIdPattern.test(text),
    ),
    () => ({ type: 'string', pattern: externalIdPattern.source }),
  );

/** An organization of the host (a tenant). Everything belongs to one, and nothing is reachable from another. */
export const OrganizationId = externalId('OrganizationId');
export type OrganizationId = Branded<'OrganizationId'>;

/** A user, team or queue of the host. Use an opaque id, not an address: ids are stored in clear. */
export const PrincipalId = externalId('PrincipalId');
export type PrincipalId = Branded<'PrincipalId'>;

/** What an actor may do. What each command and query needs is said where it is declared. */
export const privileges = [
  'profiles.write',
  'settings.write',
  'mailboxes.read',
  'mailboxes.write',
  'mailboxes.test',
  'addresses.approve',
  'secrets.reuse',
  'audit.read',
  'personalData.erase',
] as const;
/** One of `privileges`. */
export type Privilege = (typeof privileges)[number];

/** Who acts: a person of the host, or Mailroom itself (`kind: 'system'`, with the name of the policy as id). */
export interface Actor {
  readonly kind: 'person' | 'system';
  readonly id: PrincipalId;
  readonly organizationId: OrganizationId;
  readonly privileges: readonly Privilege[];
  /** Teams the actor belongs to: what a team owns, its members see as theirs. */
  readonly teams: readonly PrincipalId[];
}

/** What comes in with every command: identity, time, cause. `decide` uses nothing else from outside. */
export interface CommandContext {
  /** UUID. The ids of the events derive from it, so a repeat is recognised. */
  readonly commandId: string;
  readonly actor: Actor;
  /** UUID shared by everything that one request started. */
  readonly correlationId: string;
  /** Id of the command or event this answers; the command itself when a person started it. */
  readonly causationId: string;
  /** False when the host took the input over an unencrypted channel (domain decision on credentials). */
  readonly secureChannel: boolean;
  readonly at: Date;
  /** W3C trace context, passed on to the metadata. */
  readonly traceparent: string | null;
}
