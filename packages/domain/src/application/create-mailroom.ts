import * as E from 'fp-ts/lib/Either.js';
import type { Actor, CommandContext } from '../kernel/command.ts';
import type { EventStore } from '../kernel/event-store.ts';
import type { Repository } from '../kernel/execute.ts';
import type { Text } from '../kernel/text.ts';
import { reject as profileReject } from '../profile/index.ts';
import type { DeploymentPolicy } from '../settings/deployment.ts';
import type { CommandInput, CommandType } from './commands/command.ts';
import { decodeCommand } from './commands/decode-command.ts';
import { invalid } from './edge/invalid-command.ts';
import type {
  AddressDigest,
  Clock,
  Directory,
  Ids,
  MailProviders,
  Page,
  PersonalCipher,
  Queries,
  Query,
  QueryFailure,
  SecretVault,
} from './ports/index.ts';
import { authorize } from './use-cases/authorize.ts';
import type { Environment } from './use-cases/environment.ts';
import { handlerOf, type ResultOf } from './use-cases/handlers.ts';
import type { Outcome, Refusal } from './use-cases/outcome.ts';
import { recordRefusals, recordRefusedQuery } from './use-cases/record-refusals.ts';

/** What `createMailroom` is wired to. `Rows`: the views that `queries` can answer from, and their rows. */
export interface MailroomPorts<Rows extends object> {
  /** On `store`; one for each store and process. */
  readonly repository: Repository;
  readonly store: Pick<EventStore, 'head'>;
  readonly vault: SecretVault;
  readonly addresses: AddressDigest;
  readonly persons: Pick<PersonalCipher, 'erase'>;
  readonly directory: Directory;
  /** For hints on how to log in at a provider; left out: there are none. */
  readonly providers?: MailProviders;
  readonly queries: Queries<Rows>;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly deployment: DeploymentPolicy;
}

/** How an actor came in. */
interface Channel {
  /** False when the host took the input over an unencrypted channel. Default: true, as within one process. */
  readonly secureChannel?: boolean;
}

/** How a command is told apart from others, and what it belongs to. */
export interface ExecuteOptions {
  /** UUID in lower case. A repeat with the same id gives the first outcome. Default: a new one. */
  readonly commandId?: string;
  /** UUID shared by everything that one request starts. Default: the command's own id. */
  readonly correlationId?: string;
  /** Id of what this answers. Default: the command's own id. */
  readonly causationId?: string;
  /** W3C trace context. */
  readonly traceparent?: string;
}

/** Mailroom in the hands of one actor. */
export interface ActingMailroom<Rows extends object> {
  /**
   * Carries out a command. Right: what was done. Left: why it was not; `isRejection` tells a "no" of the domain, with
   * a sentence for people and all findings, from trouble of store or vault. Never throws for input of any kind.
   */
  readonly execute: <Type extends CommandType>(
    command: CommandInput<Type> & { readonly type: Type },
    options?: ExecuteOptions,
  ) => Promise<E.Either<Refusal, Outcome<ResultOf<Type>>>>;
  /** The same, for input that nobody has looked at yet, such as the body of a request. */
  readonly executeUnknown: (command: unknown, options?: ExecuteOptions) => Promise<E.Either<Refusal, Outcome<unknown>>>;
  readonly find: <View extends keyof Rows & string>(
    view: View,
    query?: Query,
  ) => Promise<E.Either<QueryFailure, Page<Rows[View]>>>;
  /** Why user names and passwords cannot be entered here; null: they can. Ask before showing the fields. */
  readonly canEnterCredentials: () => Text | null;
}

/** Commands and queries in the name of somebody, on ports that are already open. */
export interface Mailroom<Rows extends object> {
  readonly as: (actor: Actor, channel?: Channel) => ActingMailroom<Rows>;
}

const isUuid = (text: string): boolean => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text);

/** Why credentials cannot be entered over this channel; null: they can. Commands that carry any are held to the same. */
export const canEnterCredentials = (
  { secureChannel }: Pick<CommandContext, 'secureChannel'>,
  { allowCredentialsOverInsecureChannel }: Pick<DeploymentPolicy, 'allowCredentialsOverInsecureChannel'>,
): Text | null =>
  secureChannel || allowCredentialsOverInsecureChannel ? null : profileReject.CredentialsOverInsecureChannel({}).text;

/** Wires commands and queries to ports. Starts nothing: it waits for nobody and holds nothing open. */
export const createMailroom = <Rows extends object>(ports: MailroomPorts<Rows>): Mailroom<Rows> => {
  const environment: Environment = ports;

  const contextOf = (
    actor: Actor,
    secureChannel: boolean,
    commandId: string,
    options: ExecuteOptions,
  ): CommandContext => ({
    commandId,
    actor,
    correlationId: options.correlationId ?? commandId,
    causationId: options.causationId ?? commandId,
    secureChannel,
    at: ports.clock.now(),
    traceparent: options.traceparent ?? null,
  });

  const executeAs = async (
    actor: Actor,
    secureChannel: boolean,
    input: unknown,
    options: ExecuteOptions,
  ): Promise<E.Either<Refusal, Outcome<unknown>>> => {
    const { commandId = ports.ids.uuid() } = options;
    if (!isUuid(commandId)) return E.left(invalid('commandId', 'a UUID in lower case'));
    const decoded = decodeCommand(input);
    if (E.isLeft(decoded)) return decoded;
    const command = decoded.right;
    const context = contextOf(actor, secureChannel, commandId, options);
    const refused = authorize(command.type, actor);
    const answer =
      refused === null ? await handlerOf(command.type)(environment, context, command) : E.left<Refusal>(refused);
    await recordRefusals(environment, context, command, answer);
    return answer;
  };

  return {
    as: (actor, { secureChannel = true } = {}) => ({
      execute: async <Type extends CommandType>(command: CommandInput<Type>, options: ExecuteOptions = {}) =>
        // The handler of a command gives the result that the type says: `handlers` is checked against it.
        (await executeAs(actor, secureChannel, command, options)) as E.Either<Refusal, Outcome<ResultOf<Type>>>,
      executeUnknown: (command, options = {}) => executeAs(actor, secureChannel, command, options),
      find: async (view, query = {}) => {
        const found = await ports.queries.find(view, actor, query);
        if (E.isLeft(found) && found.left._tag === 'PrivilegeMissing') {
          const { privilege } = found.left;
          await recordRefusedQuery(environment, contextOf(actor, secureChannel, ports.ids.uuid(), {}), view, privilege);
        }
        return found;
      },
      canEnterCredentials: () => canEnterCredentials({ secureChannel }, ports.deployment),
    }),
  };
};
