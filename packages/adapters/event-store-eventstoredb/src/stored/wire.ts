/** Kinds of fields in protobuf's wire format. */
const NUMBER = 0;
const EIGHT_BYTES = 1;
const LENGTH = 2;
const FOUR_BYTES = 5;

/** So many bytes of a number, seven bits each, still make an exact double. */
const EXACT_BYTES = 7;
const LONGEST_NUMBER = 10;
const LAST_ASCII = 0x7f;

/** What a server sent is no message of protobuf, or not one of those it may send. */
export class BrokenMessage extends Error {
  override readonly name = 'BrokenMessage';
  constructor() {
    super('the server sent a message that cannot be read');
  }
}

/** Reads protobuf's wire format where it lies, field by field, and makes nothing that nobody asked for. */
export class WireReader {
  readonly bytes: Buffer;
  #at = 0;
  #kind = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  /** Where it stands; inside a field that was entered, where that begins. */
  get at(): number {
    return this.#at;
  }

  /** Number of the next field before this place; 0 when there is none. */
  field(end: number): number {
    if (this.#at >= end) {
      if (this.#at > end) throw new BrokenMessage();
      return 0;
    }
    const tag = Number(this.#number());
    this.#kind = tag & 7;
    return tag >>> 3;
  }

  /** The field as an unsigned number of 64 bits: a bigint where a number would not be exact. */
  number(): number | bigint {
    if (this.#kind !== NUMBER) throw new BrokenMessage();
    return this.#number();
  }

  /** Stands at the start of the field's text, bytes or message afterwards; returns where that ends. */
  enter(): number {
    if (this.#kind !== LENGTH) throw new BrokenMessage();
    const length = Number(this.#number());
    const end = this.#at + length;
    if (end > this.bytes.length) throw new BrokenMessage();
    return end;
  }

  /** Goes on behind a field that was entered. */
  leave(end: number): void {
    this.#at = end;
  }

  /** Passes over a field that is of no interest. */
  skip(): void {
    if (this.#kind === NUMBER) this.#number();
    else if (this.#kind === LENGTH) this.#at = this.enter();
    else if (this.#kind === EIGHT_BYTES) this.#at += 8;
    else if (this.#kind === FOUR_BYTES) this.#at += 4;
    else throw new BrokenMessage();
  }

  #number(): number | bigint {
    const { bytes } = this;
    let value = 0;
    let scale = 1;
    for (let count = 1; count <= EXACT_BYTES; count += 1) {
      const byte = bytes[this.#at++];
      if (byte === undefined) throw new BrokenMessage();
      value += (byte & 0x7f) * scale;
      if (byte <= 0x7f) return value;
      scale *= 0x80;
    }
    return this.#longNumber(BigInt(value));
  }

  #longNumber(first: bigint): number | bigint {
    let value = first;
    for (let count = EXACT_BYTES; count < LONGEST_NUMBER; count += 1) {
      const byte = this.bytes[this.#at++];
      if (byte === undefined) throw new BrokenMessage();
      value += BigInt(byte & 0x7f) << BigInt(7 * count);
      if (byte <= 0x7f) {
        const unsigned = BigInt.asUintN(64, value);
        return unsigned <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(unsigned) : unsigned;
      }
    }
    throw new BrokenMessage();
  }
}

/** The text between two places; the very string that is known already where they are equal. */
export function textIn(bytes: Buffer, from: number, to: number, known = ''): string {
  return isText(bytes, from, to, known) ? known : bytes.toString('utf8', from, to);
}

/** Whether this ASCII text stands between two places. */
export function isText(bytes: Buffer, from: number, to: number, text: string): boolean {
  if (to - from !== text.length) return false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code !== bytes[from + index] || code > LAST_ASCII) return false;
  }
  return true;
}
