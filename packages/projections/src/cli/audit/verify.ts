import { existsSync, readFileSync } from 'node:fs';
import type { Seal } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { colours } from '../colours.ts';
import { type Anchor, checkSignature, readAnchor, sealOf } from '../../history/anchor.ts';
import { checkEvents } from '../../history/check-events.ts';
import { BadInput, type ExitCode, type Io, printJson, Trouble } from '../io.ts';
import { eventsUpTo } from '../events-up-to.ts';
import { findingsOfViews } from '../views-in.ts';
import { openHistory, type OpenHistory } from '../open-history.ts';
import { type ProgressBar, progressBar } from '../progress-bar.ts';
import { readTrouble } from '../read-trouble.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { readPublicKey } from './key.ts';
import { type Check, notRun, passed, failed } from './report.ts';
import { keptSeals } from './kept-seals.ts';
import { checkViews } from './verify-views.ts';

export type VerifyFlags = SettingFlags & {
  readonly anchor: readonly string[];
  readonly publicKey?: string;
  readonly json?: boolean;
};

export const verifySettings = ['store', 'views', 'vault', 'vaultKey', 'vaultKeyVariable'] as const;

const anchorIn = (file: string): Anchor => {
  if (!existsSync(file)) throw new BadInput(['--anchor: expected a file that exists']);
  const read = readAnchor(readFileSync(file, 'utf8'));
  if (E.isLeft(read)) throw new BadInput([`--anchor: expected what mailroom audit anchor printed; ${read.left}`]);
  return read.right;
};

const checkAnchors = (anchors: readonly Anchor[], publicKey: string | null): Check => {
  if (anchors.length === 0) {
    return notRun('anchors', 'without --anchor, a history that was cut off or rewritten as a whole does not show');
  }
  for (const anchor of anchors) {
    const signature = checkSignature(anchor, publicKey);
    if (signature === 'forged') return failed('anchors', `the anchor of ${anchor.takenAt} is not what its key signed`);
    if (signature === 'otherKey') return failed('anchors', `the anchor of ${anchor.takenAt} was signed by another key`);
  }
  const whose = publicKey === null ? 'by the key in it; --public-key says whose that has to be' : 'by the expected key';
  return passed('anchors', `${anchors.length} signed ${whose}`);
};

const checkChain = async (
  { loaded }: OpenHistory,
  anchors: readonly Anchor[],
  kept: readonly Seal[],
  bar: ProgressBar,
  signal: AbortSignal,
): Promise<Check> => {
  const { sealed } = loaded;
  if (sealed === null) return notRun('chain', 'this store has no chain of hashes');
  const verified = await sealed.verify({ known: [...anchors.map(sealOf), ...kept], onProgress: bar.at, signal })();
  if (E.isRight(verified)) {
    const { events, seal } = verified.right;
    const alike = kept.length === 0 ? '' : ', as it was chained while it was written';
    return passed('chain', `${events} events, each chained to those before it${alike}`, { events, seal });
  }
  if (verified.left._tag === 'StoreUnavailable') throw new Trouble('The event store cannot be read now.');
  const { position, problem } = verified.left;
  return failed('chain', `damaged at ${position}: ${problem}`, { position, problem });
};

const checkReadability = async ({ store }: OpenHistory, bar: ProgressBar, signal: AbortSignal): Promise<Check> => {
  const read = await checkEvents(store, { onProgress: bar.at, signal })();
  if (E.isLeft(read)) {
    // A sealed field that was changed outside: damage, and not our own trouble.
    if (read.left._tag === 'StoreRefused') return failed('events', read.left.problem);
    throw readTrouble(read.left);
  }
  const { events, unknown, unreadable, examples } = read.right;
  const others = unknown === 0 ? '' : `; ${unknown} of types that are not Mailroom's`;
  if (unreadable === 0) return passed('events', `${events} can be read${others}`, { events, unknown });
  const [first] = examples;
  const where = first === undefined ? '' : `, the first at ${first.position}: ${first.type} (${first.problem})`;
  return failed('events', `${unreadable} of ${events} cannot be read${where}`, {
    events,
    unknown,
    unreadable,
    examples,
  });
};

const marks: Readonly<Record<Check['status'], string>> = {
  passed: colours.green('✓'),
  failed: colours.red('✗'),
  notRun: colours.dim('-'),
};
const titles: Readonly<Record<Check['check'], string>> = {
  anchors: 'anchors',
  chain: 'chain of hashes',
  events: 'events',
  views: 'views',
};

const inWords = ({ check, status, text }: Check): string => `${marks[status]} ${titles[check].padEnd(16)} ${text}\n`;

/**
 * Whether the history is what was written: the chain of hashes, with anchors also against cutting off and rewriting;
 * every event readable; kept views equal to a replay. Exit code 1: something is not.
 */
export const auditVerify = async (flags: VerifyFlags, io: Io): Promise<ExitCode> => {
  const anchors = flags.anchor.map(anchorIn);
  const publicKey = flags.publicKey === undefined ? null : readPublicKey('--public-key', flags.publicKey);
  const { settings } = resolveSettings(flags, io, verifySettings);
  const findings = settings.views === null ? [] : findingsOfViews(settings, { mayBeNew: false });
  if (findings.length > 0) throw new BadInput(findings);
  const history = await openHistory(settings);
  try {
    const { kind, store, distance } = history.loaded;
    if (anchors.some((anchor) => anchor.store !== kind))
      throw new BadInput(['--anchor: expected one of this kind of store']);
    const head = await store.head();
    if (E.isLeft(head)) throw readTrouble(head.left);
    const total = eventsUpTo(distance, head.right);

    const checks: Check[] = [checkAnchors(anchors, publicKey)];
    const run = async (title: string, check: (bar: ProgressBar) => Promise<Check>): Promise<void> => {
      const bar = progressBar(io, title, total);
      checks.push(await check(bar).finally(bar.end));
    };
    // A forged anchor says nothing about the history.
    const trusted = checks[0]?.status === 'passed' ? anchors : [];
    const chain = await keptSeals(kind, settings);
    await run('chain', (bar) => checkChain(history, trusted, chain, bar, io.signal));
    await run('events', (bar) => checkReadability(history, bar, io.signal));
    await run('views', (bar) => checkViews(history, settings, bar, io.signal));

    const isSound = checks.every(({ status }) => status !== 'failed');
    if (flags.json === true) printJson(io, { sound: isSound, checks });
    else {
      io.out(checks.map(inWords).join(''));
      io.out(
        isSound ? colours.green('The history is sound.\n') : colours.red('The history is not what was written.\n'),
      );
    }
    return isSound ? 0 : 1;
  } finally {
    await history.close();
  }
};
