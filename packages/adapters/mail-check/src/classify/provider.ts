import type { FailureKind, Protocol } from '@mailroom/domain';
import type { ProviderServer } from './provider-servers.ts';

/** Words by which a provider says something that its codes do not. */
export interface ProviderRule {
  readonly words: RegExp;
  readonly kind: FailureKind;
  readonly protocols?: readonly Protocol[];
  /** Only in answers to commands of these phases; default: every phase. */
  readonly phases?: readonly string[];
}

/** What is known of a mail provider or a server product. May make a failure more precise, never a no into a yes. */
export interface Provider {
  /** Name for people. */
  readonly name: string;
  /** Domains of its customers' addresses and user names. */
  readonly domains: readonly string[];
  /** Suffixes of its servers' names, such as `gmail.com`. */
  readonly hosts: readonly string[];
  /** How its greetings differ from everybody else's. */
  readonly greeting?: RegExp;
  /** Capabilities that only it has. */
  readonly capability?: RegExp;
  /** Hosts of links in its texts that may be shown. */
  readonly links: readonly string[];
  /** Where its customers create an app password. */
  readonly appPasswordUrl?: string;
  /** It takes no passwords from programs any more, only OAuth. */
  readonly refusesPasswords?: boolean;
  /** Where its customers read and send mail. */
  readonly servers?: readonly ProviderServer[];
  /** Suffixes of the hosts that take mail for domains of its customers' own: such domains use its servers, too. */
  readonly exchangers?: readonly string[];
  readonly rules: readonly ProviderRule[];
}

/** By what a provider may be recognised. */
export interface ProviderTraits {
  readonly host: string;
  readonly userName: string;
  readonly greeting?: string;
  readonly capabilities?: readonly string[];
}

const endsWith = (name: string, suffix: string): boolean => name === suffix || name.endsWith(`.${suffix}`);

/**
 * The provider behind a server: by its host name first, then by greeting, by capability, by the domain of the user
 * name. Earlier entries of the list win, so own ones go in front.
 */
export const recogniseProvider = (providers: readonly Provider[], traits: ProviderTraits): Provider | null => {
  const host = traits.host.toLowerCase();
  const domain = traits.userName.slice(traits.userName.lastIndexOf('@') + 1).toLowerCase();
  const { greeting = '', capabilities = [] } = traits;
  return (
    providers.find(({ hosts }) => hosts.some((suffix) => endsWith(host, suffix))) ??
    providers.find((provider) => greeting !== '' && provider.greeting?.test(greeting) === true) ??
    providers.find((provider) => capabilities.some((each) => provider.capability?.test(each) === true)) ??
    providers.find(({ domains }) => traits.userName.includes('@') && domains.includes(domain)) ??
    null
  );
};
