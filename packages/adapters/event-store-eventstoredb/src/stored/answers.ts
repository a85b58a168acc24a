import type { Position } from '@mailroom/domain';

import { positionOf } from './position.ts';
import { BrokenMessage, isText, textIn, WireReader } from './wire.ts';

/** A record as it came: its data and metadata are still bytes, which most readers of a record never look at. */
export class ServerRecord {
  readonly bytes: Buffer;
  id = '';
  stream = '';
  type = '';
  isJson = false;
  /** Milliseconds since 1970. */
  createdAt = 0;
  revision = 0;
  commit: number | bigint = 0;
  prepare: number | bigint = 0;
  dataFrom = 0;
  dataTo = 0;
  metadataFrom = 0;
  metadataTo = 0;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }

  get position(): Position {
    return positionOf(this);
  }
}

/** What a server sends to a read or a subscription. */
export type ReadAnswer =
  | { readonly is: 'event'; readonly event: ServerRecord | undefined; readonly link: ServerRecord | undefined }
  | { readonly is: 'checkpoint'; readonly position: Position }
  | { readonly is: 'confirmation' | 'caughtUp' | 'noStream' | 'other' };

const CONFIRMATION: ReadAnswer = { is: 'confirmation' };
const CAUGHT_UP: ReadAnswer = { is: 'caughtUp' };
const NO_STREAM: ReadAnswer = { is: 'noStream' };
const OTHER: ReadAnswer = { is: 'other' };

/** Digits of a tick of 100 ns that are less than a millisecond. */
const DIGITS_BELOW_MILLISECOND = 4;

/**
 * Reads a server's answers to one read (`event_store.client.streams.ReadResp`). By hand: the client's generated code and
 * what it makes of its objects take most of the time that a read takes.
 */
export class AnswerReader {
  /** Kept once, where the next record has the same. */
  #stream = '';
  #type = '';

  /** Throws `BrokenMessage`. */
  read(bytes: Buffer): ReadAnswer {
    const reader = new WireReader(bytes);
    let answer = OTHER;
    for (let field = reader.field(bytes.length); field !== 0; field = reader.field(bytes.length)) {
      if (field === 1) answer = this.#event(reader);
      else if (field === 3) answer = { is: 'checkpoint', position: positionOf(halvesIn(reader)) };
      else {
        if (field === 2) answer = CONFIRMATION;
        else if (field === 4) answer = NO_STREAM;
        else if (field === 8) answer = CAUGHT_UP;
        reader.skip();
      }
    }
    return answer;
  }

  #event(reader: WireReader): ReadAnswer {
    const end = reader.enter();
    let event: ServerRecord | undefined;
    let link: ServerRecord | undefined;
    for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
      if (field === 1) event = this.#record(reader);
      else if (field === 2) link = this.#record(reader);
      else reader.skip();
    }
    return { is: 'event', event, link };
  }

  #record(reader: WireReader): ServerRecord {
    const record = new ServerRecord(reader.bytes);
    const end = reader.enter();
    for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
      switch (field) {
        case 1:
          record.id = textOf(reader, 2, '');
          break;
        case 2:
          record.stream = textOf(reader, 3, this.#stream);
          break;
        case 3:
          record.revision = Number(reader.number());
          break;
        case 4:
          record.prepare = reader.number();
          break;
        case 5:
          record.commit = reader.number();
          break;
        case 6:
          this.#property(reader, record);
          break;
        case 7:
          record.metadataTo = reader.enter();
          record.metadataFrom = reader.at;
          reader.leave(record.metadataTo);
          break;
        case 8:
          record.dataTo = reader.enter();
          record.dataFrom = reader.at;
          reader.leave(record.dataTo);
          break;
        default:
          reader.skip();
      }
    }
    if (record.id === '' || record.stream === '') throw new BrokenMessage();
    this.#stream = record.stream;
    this.#type = record.type;
    return record;
  }

  /** One entry of a record's map: type, kind of content, time. */
  #property(reader: WireReader, record: ServerRecord): void {
    const { bytes } = reader;
    const end = reader.enter();
    let nameFrom = 0;
    let nameTo = 0;
    let from = 0;
    let to = 0;
    for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
      if (field === 1) {
        nameTo = reader.enter();
        nameFrom = reader.at;
        reader.leave(nameTo);
      } else if (field === 2) {
        to = reader.enter();
        from = reader.at;
        reader.leave(to);
      } else reader.skip();
    }
    if (isText(bytes, nameFrom, nameTo, 'type')) record.type = textIn(bytes, from, to, this.#type);
    else if (isText(bytes, nameFrom, nameTo, 'content-type')) {
      record.isJson = isText(bytes, from, to, 'application/json');
    } else if (isText(bytes, nameFrom, nameTo, 'created')) record.createdAt = millisecondsIn(bytes, from, to);
  }
}

/** The text that a message holds in this field. */
function textOf(reader: WireReader, wanted: number, known: string): string {
  const end = reader.enter();
  let text = '';
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === wanted) {
      const to = reader.enter();
      text = textIn(reader.bytes, reader.at, to, known);
      reader.leave(to);
    } else reader.skip();
  }
  return text;
}

function halvesIn(reader: WireReader): { readonly commit: number | bigint; readonly prepare: number | bigint } {
  const end = reader.enter();
  const halves: { commit: number | bigint; prepare: number | bigint } = { commit: 0, prepare: 0 };
  for (let field = reader.field(end); field !== 0; field = reader.field(end)) {
    if (field === 1) halves.commit = reader.number();
    else if (field === 2) halves.prepare = reader.number();
    else reader.skip();
  }
  return halves;
}

/** Ticks since 1970 are more than a number holds exactly; without their last digits they are milliseconds. 0 for anything else. */
function millisecondsIn(bytes: Buffer, from: number, to: number): number {
  let milliseconds = 0;
  for (let at = from; at < to - DIGITS_BELOW_MILLISECOND; at += 1) {
    const digit = (bytes[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return 0;
    milliseconds = milliseconds * 10 + digit;
  }
  return milliseconds;
}
