import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { HistoryLine } from '../queries/rows.ts';
import { csvHead, csvLine } from './csv.ts';

/** RFC 4180, as a spreadsheet reads it. Written here so that the writer is not held to its own ideas. */
const parse = (csv: string): readonly (readonly string[])[] => {
  const records: string[][] = [];
  let record: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < csv.length; at += 1) {
    const character = csv[at] ?? '';
    if (quoted) {
      if (character !== '"') cell += character;
      else if (csv[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else quoted = false;
    } else if (character === '"' && cell === '') quoted = true;
    else if (character === ',') {
      record.push(cell);
      cell = '';
    } else if (character === '\r' && csv[at + 1] === '\n') {
      records.push([...record, cell]);
      record = [];
      cell = '';
      at += 1;
    } else cell += character;
  }
  return records;
};

const dangerous = fc.constantFrom('=', '+', '-', '@', '\t', '\r', '\n', ' =', '＝', '＠');
const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.tuple(dangerous, fc.string()).map(([start, rest]) => start + rest),
  fc.constantFrom('=HYPERLINK("http://x.example","y")', '@SUM(1+1)*cmd|"/C calc"!A0', 'a,"b"\r\nc', '+1-1', '-'),
);

const lineOf = (text: string): HistoryLine => ({
  id: text,
  position: text,
  organizationId: text,
  at: text,
  actorId: text,
  actorKind: 'person',
  command: text,
  type: text,
  subject: 'mailbox',
  subjectId: text,
  subjectName: text,
  text: { key: 'key', params: {}, sentence: text },
  changes: [{ field: text, before: text, after: null }],
  why: { key: 'key', params: {}, sentence: text },
  correlationId: text,
  causationId: text,
  cause: null,
});

test('whatever a person wrote, every cell comes back as it was, or with a quote before what would be executed', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const [head, cells, ...more] = parse(csvHead() + csvLine(lineOf(text)));
      expect(more).toEqual([]);
      expect(cells).toHaveLength(head?.length ?? 0);
      for (const cell of cells ?? []) expect(cell).not.toMatch(/^\s*[=+\-@＝＋－＠]|^[\t\r\n]/);
      expect([text, `'${text}`]).toContain(cells?.[head?.indexOf('subjectName') ?? 0]);
    }),
  );
});
