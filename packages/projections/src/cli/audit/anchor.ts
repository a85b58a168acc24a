import * as E from 'fp-ts/lib/Either.js';
import { signAnchor } from '../../history/anchor.ts';
import { BadInput, type ExitCode, type Io, printJson, Trouble } from '../io.ts';
import { findingsOfStore } from '../open-history.ts';
import { eventsUpTo } from '../events-up-to.ts';
import { loadStore } from '../../host/load-store.ts';
import { progressBar } from '../progress-bar.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { readSigningKey } from './key.ts';

export type AnchorFlags = SettingFlags & { readonly key: string };

export const anchorSettings = ['store'] as const;

/**
 * Verifies the chain of the whole history and prints its head, signed: a document to keep where those who can write the
 * store cannot. Exit code 1: the chain does not hold, so there is nothing to sign; also for a history without events.
 */
export const auditAnchor = async (flags: AnchorFlags, io: Io): Promise<ExitCode> => {
  const { settings } = resolveSettings(flags, io, anchorSettings);
  const findings = findingsOfStore(settings);
  if (findings.length > 0) throw new BadInput(findings);
  const key = readSigningKey(flags.key);
  const { kind, sealed, store, distance, close } = await loadStore(settings.store ?? '');
  try {
    if (sealed === null || kind === 'host') throw new Trouble('This store has no chain of hashes.');
    const head = await store.head();
    const total = E.isRight(head) ? eventsUpTo(distance, head.right) : null;
    const bar = progressBar(io, 'verifying', total);
    const verified = await sealed.verify({ onProgress: bar.at, signal: io.signal })();
    bar.end();
    if (E.isLeft(verified)) {
      if (verified.left._tag === 'StoreUnavailable') throw new Trouble('The event store cannot be read now.');
      io.error(`The history is damaged at ${verified.left.position}: ${verified.left.problem}. Nothing was signed.\n`);
      return 1;
    }
    const { seal, events } = verified.right;
    if (seal === null) {
      io.error('The history holds no event yet: there is nothing to sign.\n');
      return 1;
    }
    printJson(io, signAnchor({ store: kind, ...seal, events, takenAt: new Date().toISOString() }, key));
    return 0;
  } finally {
    await close();
  }
};
