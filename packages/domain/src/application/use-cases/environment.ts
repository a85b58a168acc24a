import type { Repository } from '../../kernel/execute.ts';
import type { EventStore } from '../../kernel/event-store.ts';
import type { DeploymentPolicy } from '../../settings/deployment.ts';
import type {
  AddressDigest,
  Clock,
  Directory,
  Ids,
  MailProviders,
  PersonalCipher,
  SecretVault,
} from '../ports/index.ts';

/** What the use cases work with. */
export interface Environment {
  readonly repository: Repository;
  readonly store: Pick<EventStore, 'head'>;
  readonly vault: SecretVault;
  readonly addresses: AddressDigest;
  readonly persons: Pick<PersonalCipher, 'erase'>;
  readonly directory: Directory;
  /** Left out: nothing is known of any provider. */
  readonly providers?: MailProviders;
  readonly deployment: DeploymentPolicy;
  readonly clock: Clock;
  readonly ids: Ids;
}
