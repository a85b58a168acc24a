import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';

import type { LogRecord } from './records.ts';

interface Line {
  readonly id: string;
  readonly stream: string;
  readonly revision: string;
  readonly type: string;
  readonly contentType: string;
  readonly data: string;
  readonly metadata: string;
  readonly createdTicks: string;
  readonly position: string;
  readonly end: string;
}

const toLine = (record: LogRecord): Line => ({
  ...record,
  revision: String(record.revision),
  data: Buffer.from(record.data).toString('base64'),
  metadata: Buffer.from(record.metadata).toString('base64'),
  createdTicks: String(record.createdTicks),
  position: String(record.position),
  end: String(record.end),
});

const fromLine = (line: Line): LogRecord => ({
  ...line,
  revision: BigInt(line.revision),
  data: Buffer.from(line.data, 'base64'),
  metadata: Buffer.from(line.metadata, 'base64'),
  createdTicks: BigInt(line.createdTicks),
  position: BigInt(line.position),
  end: BigInt(line.end),
});

/**
 * An append-only file: one line per commit, so that a commit is there as a whole or not at all. Written before the
 * commit is answered, without fsync: it outlives the process, not the machine.
 */
export class Journal {
  readonly #file: number;

  private constructor(file: number) {
    this.#file = file;
  }

  /** Opens or creates the file. A last line without its end (a crash while writing) is cut off. */
  static open(path: string): { readonly journal: Journal; readonly commits: readonly (readonly LogRecord[])[] } {
    const bytes = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
    const whole = bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1);
    const file = openSync(path, 'a');
    ftruncateSync(file, whole.length);
    const lines = whole
      .toString('utf8')
      .split('\n')
      .filter((line) => line !== '');
    return { journal: new Journal(file), commits: lines.map((line) => (JSON.parse(line) as Line[]).map(fromLine)) };
  }

  write(commit: readonly LogRecord[]): void {
    const bytes = Buffer.from(`${JSON.stringify(commit.map(toLine))}\n`, 'utf8');
    for (let written = 0; written < bytes.length;) written += writeSync(this.#file, bytes, written);
  }

  close(): void {
    closeSync(this.#file);
  }
}
