import * as E from 'fp-ts/lib/Either.js';
import * as Account from '../../account/index.ts';
import type { Registered } from '../../mailbox/index.ts';
import type { Cause } from '../../policies/index.ts';
import type { Existing } from '../../profile/index.ts';
import { derivedId, type MailboxId } from '../../values/index.ts';
import { loadMailbox, loadProfile } from '../use-cases/facts.ts';
import type { CarryOutEnvironment, CarryOutFailure } from './environment.ts';
import { systemContext } from './system-context.ts';

/** What a mailbox is warned of when another organization collects its account too. No kind of failure: nothing failed. */
export const anotherReader = 'AnotherReader';

/** No organization has this id: the hash of an account is the same for all of them. */
const ofAllOrganizations = '*';

/** Whose mail is collected, and where: the same for everybody who collects it. null: nothing is collected. */
const accountOf = (mailbox: Registered | null, profile: Existing | null): string | null => {
  const incoming = profile?.connection.incoming ?? null;
  if (mailbox === null || incoming === null || !mailbox.active) return null;
  const login = incoming.credentials === 'profile' ? mailbox.address : (mailbox.credentials?.userName ?? null);
  return login === null ? null : `${incoming.host}\n${login}`.toLowerCase();
};

/** Whether another reader still collects this account. One that does not is taken off the list. */
const stillReads = async (
  environment: CarryOutEnvironment,
  reader: Account.Reader,
  account: string,
): Promise<E.Either<CarryOutFailure, boolean>> => {
  const mailbox = await loadMailbox(environment, reader.organizationId, reader.mailboxId);
  if (E.isLeft(mailbox)) return mailbox;
  const profileId = mailbox.right?.profile?.profileId ?? null;
  const profile = profileId === null ? E.right(null) : await loadProfile(environment, reader.organizationId, profileId);
  if (E.isLeft(profile)) return profile;
  const isEnabled = mailbox.right?.channels.incoming.enabled === true;
  return E.right(isEnabled && accountOf(mailbox.right, profile.right) === account);
};

/**
 * Puts down that a mailbox whose incoming test has passed collects its account, and finds out whether another
 * organization does as well: the operator is told who, the mailbox only that there is another reader.
 */
export const othersRead = async (
  environment: CarryOutEnvironment,
  mailbox: Registered,
  profile: Existing | null,
  { mailboxId, cause }: { readonly mailboxId: MailboxId; readonly cause: Cause },
): Promise<E.Either<CarryOutFailure, boolean>> => {
  const { accounts, repository, clock } = environment;
  const account = accountOf(mailbox, profile);
  if (accounts === undefined || account === null) return E.right(false);
  const digest = await accounts.digest(ofAllOrganizations, account)();
  if (E.isLeft(digest)) return digest;

  const { organizationId } = mailbox;
  const give = (type: Account.Command['type'], reader: Account.Reader) => {
    const commandId = derivedId(type, reader.organizationId, reader.mailboxId, cause.eventId);
    const context = systemContext(clock, reader.organizationId, commandId, cause);
    return repository.execute(Account.aggregate, {
      type,
      context,
      digest: digest.right,
      mailboxId: reader.mailboxId,
    })();
  };

  const loaded = await repository.load(Account.aggregate, Account.streamOf(digest.right))();
  if (E.isLeft(loaded)) return loaded;
  const others: Account.Reader[] = [];
  for (const reader of loaded.right.state) {
    if (reader.organizationId === organizationId) continue;
    const reads = await stillReads(environment, reader, account);
    if (E.isLeft(reads)) return reads;
    if (reads.right) others.push(reader);
    else {
      const left = await give('LeaveAccount', reader);
      if (E.isLeft(left)) return left;
    }
  }
  const own: Account.Reader = { organizationId, mailboxId };
  const collected = await give('CollectAccount', own);
  if (E.isLeft(collected)) return collected;
  if (others.length > 0 && collected.right.events.length > 0 && !collected.right.duplicate) {
    environment.onWarning?.({ _tag: 'AccountShared', readers: [own, ...others] });
  }
  return E.right(others.length > 0);
};
