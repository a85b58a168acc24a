import type { AlertLine, ChannelStatus, MailboxStatus } from '@mailroom/projections';
import Table from 'cli-table3';
import { colours } from './colours.ts';
import { type Outcome, retriesDue } from './outcome.ts';

/** The end of the story for a person: what works, what does not, what to do, and how it came about. */
export const report = (outcome: Outcome, columns: number): string =>
  [
    heading('Mailboxes'),
    mailboxTable(outcome.mailboxes, columns),
    colours.dim('Appointments, contacts and tasks: Not Run everywhere, because POP3 and IMAP servers have none.'),
    heading('Alerts wall'),
    ...together(outcome.alerts).map((alert) => alertLines(alert, outcome.people, columns)),
    ...(outcome.alerts.length === 0 ? ['Nothing to see to.'] : []),
    ...historyLines(outcome, columns),
    ...retryLines(outcome.mailboxes),
  ].join('\n');

const heading = (text: string): string => `\n${colours.bold(text)}`;

const mailboxTable = (mailboxes: readonly MailboxStatus[], columns: number): string => {
  const width = Math.max(60, Math.min(columns, 120));
  // Three borders and the two outer ones take no part; the channels get room for the longest kind where they can.
  const inner = width - 4;
  const channel = Math.min(30, Math.floor(inner * 0.35));
  const table = new Table({
    head: ['Mailbox', 'Incoming', 'Outgoing'].map((text) => colours.bold(text)),
    colWidths: [inner - 2 * channel, channel, channel],
    style: { head: [], border: [] },
  });
  for (const { name, address, channels } of mailboxes) {
    table.push([
      cell([[name], [address ?? 'no address', colours.dim]], inner - 2 * channel),
      cell(statusOf(channels.incoming), channel),
      cell(statusOf(channels.outgoing), channel),
    ]);
  }
  return table.toString();
};

type Line = readonly [text: string, colour?: (text: string) => string];

/** Broken at the width of its column first and coloured then: the table would break the codes of the colours. */
const cell = (lines: readonly Line[], columnWidth: number): string => {
  const width = columnWidth - 2;
  return lines
    .flatMap(
      ([text, colour = (plain: string) => plain]) => text.match(new RegExp(`.{1,${width}}`, 'gu'))?.map(colour) ?? [],
    )
    .join('\n');
};

const statusOf = ({ status, enabled, kind, nextAttemptAt, paused }: ChannelStatus): readonly Line[] => {
  if (status === 'success') return [['✓ Success', colours.green], [enabled ? 'enabled' : 'not enabled']];
  if (status === 'notRun') return [['– Not Run', colours.dim]];
  const waits: readonly Line[] = paused ? [['paused']] : nextAttemptAt === null ? [] : [['tried again by itself']];
  return [['✗ Failure', colours.red], [kind ?? ''], ...waits];
};

/** The same words about the same thing are said once, however many channels they are true of. */
const together = (alerts: readonly AlertLine[]): readonly AlertLine[] => {
  const byWords = new Map<string, AlertLine>();
  for (const alert of alerts) {
    const words = `${alert.about.id} ${alert.kind} ${alert.text.sentence}`;
    const known = byWords.get(words);
    byWords.set(words, known === undefined ? alert : { ...known, count: known.count + alert.count });
  }
  return [...byWords.values()];
};

const alertLines = (alert: AlertLine, people: Outcome['people'], columns: number): string => {
  const { severity, about, kind, count, text } = alert;
  const mark = { error: colours.red('✗'), warning: colours.yellow('!'), information: colours.green('✓') }[severity];
  const readers = alert.for.map((id) => people.get(id) ?? id).join(', ');
  const times = count > 1 ? colours.dim(` (${count} times)`) : '';
  return [
    `${mark} ${colours.bold(about.label)}  ${kind}${times}`,
    ...wrapped(text.sentence, columns, '    '),
    ...wrapped(`shown to ${readers}`, columns, '    ').map((line) => colours.dim(line)),
  ].join('\n');
};

const historyLines = ({ history, mailboxes }: Outcome, columns: number): readonly string[] => {
  const [first] = history;
  if (first === undefined) return [];
  const subject = mailboxes.find(({ mailboxId }) => mailboxId === first.subjectId);
  return [
    heading(`History of ${subject?.address ?? subject?.name ?? 'a mailbox'}, its first lines`),
    ...history.flatMap(({ at, text }) => wrapped(`${at.slice(11, 19)}  ${text.sentence}`, columns, '', '          ')),
  ];
};

const retryLines = (mailboxes: readonly MailboxStatus[]): readonly string[] => {
  const due = retriesDue(mailboxes);
  if (due.length === 0) return [];
  return [
    heading('Still to come'),
    ...due.map(
      ({ address, channel, at }) =>
        `${address}, ${channel}: tried again at ${new Date(at).toLocaleTimeString('en-GB')}, by the next run`,
    ),
  ];
};

/** Breaks a sentence at its blanks, so that no line is longer than the terminal. */
const wrapped = (text: string, columns: number, indent: string, following = indent): readonly string[] => {
  const width = Math.max(40, Math.min(columns, 100));
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    const prefix = lines.length === 0 ? indent : following;
    if (line.length + word.length + 1 > width && line.trim() !== '') {
      lines.push(line);
      line = `${following}${word}`;
    } else {
      line = line === prefix ? `${line}${word}` : `${line} ${word}`;
    }
  }
  return [...lines, line];
};
