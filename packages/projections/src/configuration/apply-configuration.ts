import {
  type CommandInput,
  derivedId,
  mailboxIdOf,
  type Position,
  type PrincipalId,
  PrincipalId as Id,
  sameAddressKey,
} from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import type { MailboxStatus, ProfileStatus } from '../queries/rows.ts';
import type { Configuration, ConfiguredMailbox, ConfiguredProfile } from './configuration.ts';
import type { Finding } from './findings.ts';

/** What applying a configuration needs: commands and queries of an administrator, and a memory of what was applied. */
export interface ConfigurationTarget {
  readonly organizationId: string;
  /** What ids derive from: random, the same for every run. */
  readonly seed: string;
  /** Left: a sentence for a person. */
  readonly execute: (
    command: CommandInput,
    commandId?: string,
  ) => Promise<E.Either<string, { readonly position: Position | null }>>;
  readonly mailboxes: (atLeast: Position | null) => Promise<readonly MailboxStatus[]>;
  readonly profiles: (atLeast: Position | null) => Promise<readonly ProfileStatus[]>;
  /** Whether exactly these credentials were applied to this owner before. They are compared, never kept. */
  readonly credentials: {
    readonly areApplied: (ownerId: string, userName: string, password: string) => boolean;
    readonly markApplied: (ownerId: string, userName: string, password: string) => void;
  };
}

/** The user or queue of a configured mailbox. It follows from the address, but does not show it. */
export const principalOf = (
  seed: string,
  { address, kind }: Pick<ConfiguredMailbox, 'address' | 'kind'>,
): PrincipalId => Id.orThrow(derivedId('configured', seed, kind, sameAddressKey(address)));

/**
 * Turns a configuration into commands. It can be repeated, and interrupted anywhere: what is as configured already
 * stays untouched. Returns what was turned down, by the place in the file; nothing else is held up by it.
 */
export const applyConfiguration = async (
  configuration: Configuration,
  target: ConfigurationTarget,
): Promise<readonly Finding[]> => {
  const findings: Finding[] = [];
  let written: Position | null = null;
  const run = async (path: string, command: CommandInput, commandId?: string): Promise<boolean> => {
    const done = await target.execute(command, commandId);
    if (E.isLeft(done)) findings.push({ path, problem: done.left });
    else written = done.right.position ?? written;
    return E.isRight(done);
  };

  const existing = new Map((await target.profiles(null)).map((profile) => [profile.name, profile]));
  for (const profile of configuration.profiles)
    await applyProfile(profile, existing.get(profile.name), target, run, findings);

  const profiles = new Map((await target.profiles(written)).map((profile) => [profile.name, profile]));
  const registered = new Map((await target.mailboxes(written)).map((mailbox) => [mailbox.mailboxId, mailbox]));
  for (const profile of configuration.profiles) {
    await applyProfileCredentials(profile, profiles.get(profile.name), target, run);
  }
  const kept = new Set<string>();
  for (const mailbox of configuration.mailboxes) {
    const id = mailboxIdOf(target.organizationId, mailbox.kind, principalOf(target.seed, mailbox));
    kept.add(id);
    const profile = profiles.get(mailbox.profile);
    if (profile === undefined) continue;
    await applyMailbox(mailbox, id, registered.get(id), profile, target, run);
  }
  for (const { mailboxId, active } of registered.values()) {
    if (active && !kept.has(mailboxId)) await run('', { type: 'DeactivateMailbox', mailboxId });
  }

  const pending = (await target.mailboxes(written)).filter(
    ({ mailboxId, approval }) => kept.has(mailboxId) && approval === 'pending',
  );
  if (pending.length > 0) {
    await run('mailboxes', { type: 'ApproveMailbox', mailboxIds: pending.map(({ mailboxId }) => mailboxId) });
  }
  // Whoever asks next sees what was just written.
  await target.mailboxes(written);
  return findings;
};

type Run = (path: string, command: CommandInput, commandId?: string) => Promise<boolean>;

const applyProfile = async (
  configured: ConfiguredProfile,
  existing: ProfileStatus | undefined,
  target: ConfigurationTarget,
  run: Run,
  findings: Finding[],
): Promise<void> => {
  const { path, name, incoming, outgoing, userName, loginTemplate, folderTemplate } = configured;
  const credentials = userName === null ? ('mailbox' as const) : ('profile' as const);
  const endpoint = (given: ConfiguredProfile['outgoing']) =>
    given === null
      ? null
      : {
          host: given.host,
          credentials,
          ...(given.tls === null ? {} : { tls: given.tls }),
          ...(given.port === null ? {} : { port: given.port }),
        };
  const settings = {
    incoming: endpoint(incoming),
    outgoing: endpoint(outgoing),
    loginTemplate,
    folderTemplate,
  };
  const serverType = incoming?.protocol === 'pop3' ? 'pop3-smtp' : 'imap-smtp';
  if (existing === undefined) {
    await run(
      path,
      { type: 'CreateProfile', name, serverType, ...settings },
      derivedId('configured', target.seed, 'profile', name),
    );
    return;
  }
  const { profileId } = existing;
  if (existing.serverType !== serverType) {
    findings.push({
      path: `${path}.incoming.protocol`,
      problem: 'a profile keeps its protocol; give the new one another name',
    });
    return;
  }
  if (!existing.active) await run(path, { type: 'ActivateProfile', profileId });
  await run(path, { type: 'ChangeProfile', profileId, ...settings });
};

const applyProfileCredentials = async (
  { path, userName, password }: ConfiguredProfile,
  profile: ProfileStatus | undefined,
  { credentials }: ConfigurationTarget,
  run: Run,
): Promise<void> => {
  if (profile === undefined || userName === null || password?._tag !== 'Given') return;
  const { profileId, hasIncomingSecret, hasOutgoingSecret } = profile;
  const secret = password.secret.reveal();
  if ((hasIncomingSecret || hasOutgoingSecret) && credentials.areApplied(profileId, userName, secret)) return;
  const done = await run(path, { type: 'SetProfileCredentials', profileId, userName, password: secret });
  if (done) credentials.markApplied(profileId, userName, secret);
};

const applyMailbox = async (
  configured: ConfiguredMailbox,
  mailboxId: string,
  existing: MailboxStatus | undefined,
  profile: ProfileStatus,
  { credentials, seed }: ConfigurationTarget,
  run: Run,
): Promise<void> => {
  const { path, kind, name, address, userName, password } = configured;
  const { profileId } = profile;
  const methods = {
    incoming: profile.incoming === null ? 'none' : 'serverSide',
    outgoing: profile.outgoing === null ? 'none' : 'serverSide',
    act: 'none',
  } as const;
  if (existing === undefined) {
    const regardingId = principalOf(seed, configured);
    const owner = { kind: 'user', id: regardingId } as const;
    const done = await run(path, {
      type: 'RegisterMailbox',
      kind,
      regardingId,
      name,
      address,
      profileId,
      owner,
      ...methods,
    });
    if (!done) return;
  } else {
    if (!existing.active) await run(path, { type: 'ActivateMailbox', mailboxId });
    if (existing.name !== name) await run(path, { type: 'RenameMailbox', mailboxId, name });
    await run(path, { type: 'EditMailboxes', mailboxIds: [mailboxId], profileId, ...methods });
  }
  if (password?._tag !== 'Given') return;
  const secret = password.secret.reveal();
  if (existing?.hasSecret === true && credentials.areApplied(mailboxId, userName, secret)) return;
  const done = await run(path, { type: 'SetMailboxCredentials', mailboxId, userName, password: secret });
  if (done) credentials.markApplied(mailboxId, userName, secret);
};
