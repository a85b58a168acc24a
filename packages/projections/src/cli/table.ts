import Table from 'cli-table3';
import { colours } from './colours.ts';
import type { Io } from './io.ts';

const noLines = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '  ',
};

/** A cell holds one line: what comes from outside must not move anybody's cursor. */
// eslint-disable-next-line no-control-regex -- these are what is taken out
export const plain = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');

/**
 * Rows for a person: in columns on a terminal, else a line for each with tabs between its cells, so that other programs
 * can cut it. Cells may be coloured.
 */
export const printTable = (io: Io, head: readonly string[], rows: readonly (readonly string[])[]): void => {
  if (!io.isTerminal) {
    io.out([head, ...rows].map((row) => `${row.join('\t')}\n`).join(''));
    return;
  }
  const table = new Table({
    head: head.map((title) => colours.dim(title)),
    chars: noLines,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  table.push(...rows.map((row) => [...row]));
  io.out(`${table.toString().replaceAll(/[ \t]+$/gm, '')}\n`);
};
