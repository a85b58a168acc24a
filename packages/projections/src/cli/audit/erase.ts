import { type EventStore, OrganizationId, personIdOf } from '@mailroom/domain';
import * as E from 'fp-ts/lib/Either.js';
import { colours } from '../colours.ts';
import { type KeptOfPerson, organizationsIn, whatIsKept } from '../../history/what-is-kept.ts';
import { openMailroom } from '../../host/open-mailroom.ts';
import { placesOf } from '../../configuration/read-process.ts';
import { BadInput, type ExitCode, type Io, printJson, Trouble } from '../io.ts';
import { historySettings, openHistory } from '../open-history.ts';
import { type OperatorFlags, operatorId, operatorIn } from '../operator.ts';
import { readTrouble } from '../read-trouble.ts';
import { resolveSettings, type SettingFlags } from '../settings.ts';
import { printTable } from '../table.ts';

export type EraseFlags = SettingFlags &
  OperatorFlags & {
    readonly kind: string;
    readonly organization?: string;
    readonly yes?: boolean;
    readonly dryRun?: boolean;
    readonly json?: boolean;
  };

const kinds = ['user', 'queue', 'forward', 'profile'] as const;
type Kind = (typeof kinds)[number];
const isKind = (text: string): text is Kind => (kinds as readonly string[]).includes(text);

/** The organization that is meant; where the history holds only one, it need not be said. */
const organizationOf = async (store: EventStore, { organization }: EraseFlags): Promise<string> => {
  if (organization !== undefined) {
    const id = OrganizationId.from(organization);
    if (E.isLeft(id)) throw new BadInput([`--organization: expected ${id.left.expected}`]);
    return id.right;
  }
  const found = await organizationsIn(store)();
  if (E.isLeft(found)) throw readTrouble(found.left);
  const [only, ...others] = found.right;
  if (only === undefined || others.length > 0) {
    throw new BadInput(['--organization: expected, because the history holds several or none']);
  }
  return only;
};

const printKept = (io: Io, kept: readonly KeptOfPerson[]): void =>
  printTable(
    io,
    ['event', 'what becomes unreadable', 'events', 'first', 'last'],
    kept.map(({ type, fields, events, firstAt, lastAt }) => [type, fields.join(', '), String(events), firstAt, lastAt]),
  );

const isConfirmed = async (person: string, { yes }: EraseFlags, io: Io): Promise<boolean> => {
  if (yes === true) return true;
  if (io.ask === undefined) throw new BadInput(['--yes: expected, because there is no terminal to ask at']);
  const answer = await io.ask(`This cannot be undone. Type ${colours.bold(person)} to erase: `);
  return answer.trim() === person;
};

/**
 * Erases a person: shows what becomes unreadable, asks, takes their mailbox out of service and deletes their key. Exit
 * code 1: nothing is kept of them, or the answer was not the confirmation.
 */
export const auditErase = async (person: string, flags: EraseFlags, io: Io): Promise<ExitCode> => {
  const { kind } = flags;
  if (!isKind(kind)) throw new BadInput([`--kind: expected one of ${kinds.join(', ')}`]);
  const { settings, deployment } = resolveSettings(flags, io, historySettings);
  const history = await openHistory(settings);
  try {
    const { store, vault } = history;
    if (vault === null) throw new BadInput([`${placesOf('vault')}: expected the vault, whose key is to be deleted`]);
    const organizationId = await organizationOf(store, flags);
    const personId = personIdOf(organizationId, kind, person);
    const read = await whatIsKept(store, personId)();
    if (E.isLeft(read)) throw readTrouble(read.left);
    const kept = read.right;
    const answer = (erased: boolean) => ({ person, kind, organizationId, personId, kept, erased });
    if (kept.length === 0) {
      if (flags.json === true) printJson(io, answer(false));
      else io.error(`Nothing is kept of a ${kind} with this id in ${organizationId}.\n`);
      return 1;
    }
    if (flags.json !== true) printKept(io, kept);
    if (flags.dryRun === true) {
      if (flags.json === true) printJson(io, answer(false));
      return 0;
    }
    if (!(await isConfirmed(person, flags, io))) {
      io.error('Nothing was erased.\n');
      return 1;
    }
    const mailroom = await openMailroom({ store: history.loaded.store, vault, deployment, runChecks: false });
    try {
      const done = await mailroom
        .as(operatorIn(operatorId(flags), organizationId))
        .execute({ type: 'ErasePerson', kind, id: person });
      if (E.isLeft(done))
        throw new Trouble('text' in done.left ? done.left.text.sentence : 'The person cannot be erased now.');
    } finally {
      await mailroom.close();
    }
    if (flags.json === true) printJson(io, answer(true));
    else io.error('Erased. Backups of the vault that hold the key have to go too.\n');
    return 0;
  } finally {
    await history.close();
  }
};
