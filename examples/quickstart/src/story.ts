import { defaultDeployment, EmailAddress, Host, Name, Secret, UserName } from '@mailroom/domain';
import type { RunningEndpoint, RunningPersona, RunningPersonas } from '@mailroom/mail-sandbox';
import type {
  Configuration,
  ConfiguredEndpoint,
  ConfiguredMailbox,
  ConfiguredProfile,
} from '@mailroom/projections/configuration';

/** Short, so that a reader sees a retry heal within seconds. A real deployment keeps the default: five minutes. */
export const storyRetry = { firstDelaySeconds: 3, attempts: 10, uncertainAttempts: 2 };

/** The story as a configuration: the same thing that a reader writes into a file of their own. */
export const storyConfiguration = ({ ca, personas }: Pick<RunningPersonas, 'ca' | 'personas'>): Configuration => ({
  deployment: {
    ...defaultDeployment,
    allowedAddresses: ['127.0.0.0/8'],
    trustedCertificates: [ca],
    retry: storyRetry,
  },
  profiles: profilesOf(personas),
  mailboxes: personas.map(mailboxOf),
});

/** Personas whose profile has the same name share it. */
const profilesOf = (personas: readonly RunningPersona[]): readonly ConfiguredProfile[] => {
  const byName = new Map(personas.map(({ profile }) => [profile.name, profile]));
  return [...byName.values()].map(({ name, incoming, outgoing }, index) => ({
    path: `profiles[${index}]`,
    name: Name.orThrow(name),
    incoming: { ...endpointOf(incoming), protocol: incoming.protocol === 'pop3' ? 'pop3' : 'imap' },
    outgoing: endpointOf(outgoing),
    userName: null,
    password: null,
    loginTemplate: null,
    folderTemplate: null,
  }));
};

const endpointOf = ({ host, port, tls }: RunningEndpoint): ConfiguredEndpoint => ({
  host: Host.orThrow(host),
  port,
  tls,
});

const mailboxOf = (persona: RunningPersona, index: number): ConfiguredMailbox => ({
  path: `mailboxes[${index}]`,
  kind: persona.id === 'sender-not-owned' ? 'queue' : 'user',
  name: Name.orThrow(persona.displayName),
  address: EmailAddress.orThrow(persona.address),
  profile: Name.orThrow(persona.profile.name),
  userName: UserName.orThrow(persona.userName),
  password: { _tag: 'Given', secret: new Secret(persona.password) },
});
