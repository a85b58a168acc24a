import type { Failure } from '@mailroom/domain';
import { type Check, fillTemplate, type LineChannel, type OpenedConnection } from '@mailroom/mail-check';
import * as E from 'fp-ts/lib/Either.js';
import { ImapFlow, type QuotaResource } from 'imapflow';
import type { Capabilities } from './capabilities.ts';
import type { Judge } from './judge.ts';
import { findTestMessage } from './find-test-message.ts';
import { listenForRefusals } from './refusals.ts';
import { run } from './response.ts';

/** From this share of its quota on a mailbox is about to refuse mail. */
const nearlyFull = 0.95;

/** What this program says of itself (RFC 2971): some providers open a mailbox only to a client with a name. */
export interface ClientInfo {
  readonly name: string;
  readonly version?: string;
  readonly vendor?: string;
  readonly 'support-url'?: string;
}

const share = (resource: QuotaResource | undefined): number =>
  resource?.limit === undefined || resource.limit === 0 ? 0 : (resource.usage ?? 0) / resource.limit;

/** Longer than any check: our own steps say what was waited for. Always the same, because Node keeps a list for each. */
const patienceMs = 3_600_000;

/**
 * imapflow on a connection that is encrypted and logged in. It is told so by a greeting of our own (PREAUTH, with the
 * capabilities that the server gave this user), and so never sees the credentials nor decides about encryption.
 */
const takeOver = (
  check: Check,
  { socket, secured }: OpenedConnection,
  channel: LineChannel,
  capabilities: Capabilities,
): ImapFlow => {
  const shown = [...capabilities].filter(
    (one) =>
      // We have said who we are; the library would say it twice, and that it is the library.
      one !== 'ID' &&
      // A template names the folder as it is; with namespaces the library would put the user's own prefix before it.
      (one !== 'NAMESPACE' || check.target.folderTemplate === null),
  );
  const rest = channel.release();
  const client = new ImapFlow({
    host: check.target.host,
    port: check.target.port,
    secure: secured,
    ...(secured ? {} : { doSTARTTLS: false }),
    transport: {
      connect: (_options, onConnect) => {
        setImmediate(() => {
          socket.unshift(Buffer.concat([Buffer.from(`* PREAUTH [CAPABILITY ${shown.join(' ')}] ready\r\n`), rest]));
          onConnect();
        });
        return socket;
      },
    },
    logger: false,
    disableAutoIdle: true,
    disableCompression: true,
    disableAutoEnable: true,
    connectionTimeout: patienceMs,
    greetingTimeout: patienceMs,
    socketTimeout: patienceMs,
    maxLineLength: 65_536,
    maxLiteralSize: 1_048_576,
    maxResponseSize: 2_097_152,
    maxResponseTokens: 10_000,
  });
  // Attached before anything happens: an error event without a listener would end the process.
  client.on('error', () => undefined);
  check.onEnd(() => client.close());
  knowInbox(client);
  return client;
};

/**
 * Before it opens a folder that it has not listed, the library asks LIST and LSUB for a description of it. The inbox
 * always exists (RFC 9051 section 5.1) and needs none. Without the library's list of folders it is asked for after all.
 */
const knowInbox = (client: ImapFlow): void => {
  const { folders } = client as unknown as { readonly folders?: unknown };
  if (folders instanceof Map) folders.set('INBOX', { path: 'INBOX' });
};

const quoted = (text: string): string => `"${text.replace(/[^\u0020-\u007e]/g, '').replace(/["\\]/g, '\\$&')}"`;

/**
 * Says who we are where the server asks for it (RFC 2971): some open a mailbox only to a client with a name. Whether it
 * likes that is no matter; a failure only where the conversation ends.
 */
const introduce = async (
  channel: LineChannel,
  signal: AbortSignal,
  judge: Judge,
  capabilities: Capabilities,
  clientInfo: ClientInfo,
): Promise<Failure | null> => {
  if (!capabilities.has('ID')) return null;
  const fields = Object.entries(clientInfo).map(([name, value]) => `${quoted(name)} ${quoted(String(value))}`);
  const result = await run(channel, signal, 'I1', `ID (${fields.join(' ')})`);
  if (result._tag !== 'Completed') return judge.lost('select', result);
  return result.status.status === 'BYE' ? judge.refused('select', 'ID', result.status, result.remarks) : null;
};

/**
 * Steps `select`, `list` and `quit`: the inbox, or the folder of the template, is opened read-only; messages, UIDVALIDITY
 * and quota are read. Nothing is changed in it.
 */
export const lookInside = async (
  check: Check,
  opened: OpenedConnection,
  channel: LineChannel,
  judge: Judge,
  capabilities: Capabilities,
  clientInfo: ClientInfo,
  commandMs: number,
): Promise<E.Either<Failure, void>> => {
  const { target, credentials } = check;
  const folder =
    credentials.ofProfile && target.folderTemplate !== null
      ? fillTemplate(target.folderTemplate, target, credentials)
      : 'INBOX';
  const refusals = listenForRefusals(opened.socket, ({ text }) => {
    // The library would first wait as long as Exchange asks it to; this check has its answer.
    if (/is throttled/i.test(text)) setImmediate(() => session?.close());
  });
  let session: ImapFlow | null = null;
  const failed = (phase: 'select' | 'list', command: string): E.Either<Failure, never> => {
    const refusal = refusals.newest();
    if (refusal !== null) return E.left(judge.refused(phase, command, refusal, [], { folder }));
    return E.left(judge.lost(phase, { _tag: 'Closed', error: refusals.error(), pending: Buffer.alloc(0) }));
  };

  const selected = await check.step<ImapFlow>('select', {
    limitMs: commandMs,
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async (step) => {
      const ended = await introduce(channel, step.signal, judge, capabilities, clientInfo);
      if (ended !== null) return E.left(ended);
      refusals.forget();
      const client = takeOver(check, opened, channel, capabilities);
      session = client;
      try {
        await client.connect();
        // Whatever was refused on the way here did no harm.
        refusals.forget();
        const mailbox = await client.mailboxOpen(folder, { readOnly: true });
        step.detail(`${folder}: ${mailbox.exists} messages, UIDVALIDITY ${mailbox.uidValidity}`);
        check.mark(String(mailbox.uidNext));
        return E.right(client);
      } catch {
        return failed('select', 'EXAMINE');
      }
    },
  });
  if (E.isLeft(selected)) return selected;
  const client = selected.right;

  const listed = await check.step('list', {
    limitMs: commandMs,
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async (step) => {
      refusals.forget();
      const counts = await client.status(folder, { messages: true, unseen: true }).catch(() => false as const);
      if (counts === false || !client.usable) return failed('list', 'STATUS');
      step.detail(`${counts.messages ?? 0} messages, ${counts.unseen ?? 0} unseen`);
      // A quota that cannot be read says nothing about the mailbox.
      const quota = capabilities.has('QUOTA') ? await client.getQuota(folder).catch(() => false as const) : false;
      if (quota === false) return E.right(undefined);
      const used = Math.max(share(quota.storage), share(quota.message));
      if (quota.storage !== undefined || quota.message !== undefined) {
        const counted = `${counts.messages ?? 0} messages, ${counts.unseen ?? 0} unseen`;
        step.detail(`${counted}, ${Math.round(used * 100)} % of the quota used`);
      }
      if (used >= nearlyFull) step.warn('MailboxOverQuota');
      return E.right(undefined);
    },
  });
  if (E.isLeft(listed)) return listed;
  if (check.testMessage !== null) {
    const found = await findTestMessage(check, client, folder, check.testMessage, commandMs);
    if (E.isLeft(found)) return found;
  }

  return check.step('quit', {
    limitMs: 5_000,
    onTimeout: 'ServerTemporarilyUnavailable',
    run: async () => {
      // Everything asked for has been answered: a server that is rude now changes nothing.
      const timer = setTimeout(() => client.close(), 1_000);
      await client.logout().catch(() => undefined);
      clearTimeout(timer);
      return E.right(undefined);
    },
  });
};
