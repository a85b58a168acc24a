import sharedPb from '@eventstore/db-client/generated/shared_pb.js';
import streamsPb from '@eventstore/db-client/generated/streams_pb.js';
import { runsOf } from '@mailroom/domain/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { AnswerReader, type ServerRecord } from './answers.ts';
import { positionOf } from './position.ts';
import { BrokenMessage } from './wire.ts';

const { ReadEvent } = streamsPb.ReadResp;
const numRuns = runsOf({ small: 100, ci: 300, full: 10_000 });
const TICKS_PER_MILLISECOND = 10_000n;

const uint64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 127n, 128n, 2n ** 49n - 1n, 2n ** 49n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n - 1n, 2n ** 64n - 1n),
);
const bytes = fc.uint8Array({ maxLength: 300 });

/** What a server may send of an event; few names, so that they also come twice in a row. */
const aRecord = fc.record({
  id: fc.uuid(),
  stream: fc.oneof(fc.constantFrom('mailbox-1', 'mailbox-2', 'größe-1'), fc.string({ minLength: 1, unit: 'binary' })),
  type: fc.oneof(fc.constantFrom('Happened', 'Happenee', 'é'), fc.string({ unit: 'binary' })),
  contentType: fc.constantFrom('application/json', 'application/octet-stream', ''),
  ticks: fc.bigInt({ min: 0n, max: 253_402_300_800_000n * TICKS_PER_MILLISECOND }),
  others: fc.dictionary(
    fc.string().map((name) => `x${name}`),
    fc.string(),
    { maxKeys: 2 },
  ),
  revision: uint64,
  commit: uint64,
  prepare: uint64,
  data: bytes,
  metadata: bytes,
});
type Given = typeof aRecord extends fc.Arbitrary<infer Of> ? Of : never;

function recordedEvent(given: Given): InstanceType<typeof ReadEvent.RecordedEvent> {
  const id = new sharedPb.UUID();
  id.setString(given.id);
  const stream = new sharedPb.StreamIdentifier();
  stream.setStreamName(Buffer.from(given.stream, 'utf8'));
  const event = new ReadEvent.RecordedEvent();
  event.setId(id);
  event.setStreamIdentifier(stream);
  event.setStreamRevision(String(given.revision));
  event.setCommitPosition(String(given.commit));
  event.setPreparePosition(String(given.prepare));
  const properties = event.getMetadataMap();
  for (const [name, value] of Object.entries(given.others)) properties.set(name, value);
  properties.set('type', given.type).set('content-type', given.contentType).set('created', String(given.ticks));
  event.setCustomMetadata(given.metadata);
  event.setData(given.data);
  return event;
}

function answerOf(event: Given | undefined, link?: Given): Buffer {
  const read = new ReadEvent();
  if (event !== undefined) read.setEvent(recordedEvent(event));
  if (link !== undefined) read.setLink(recordedEvent(link));
  read.setNoPosition(new sharedPb.Empty());
  const answer = new streamsPb.ReadResp();
  answer.setEvent(read);
  return Buffer.from(answer.serializeBinary());
}

const readable = (record: ServerRecord | undefined) =>
  record === undefined
    ? undefined
    : {
        id: record.id,
        stream: record.stream,
        type: record.type,
        isJson: record.isJson,
        createdAt: record.createdAt,
        revision: record.revision,
        position: record.position,
        data: [...record.bytes.subarray(record.dataFrom, record.dataTo)],
        metadata: [...record.bytes.subarray(record.metadataFrom, record.metadataTo)],
      };

/** Lone surrogates have no UTF-8. */
const asSent = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

const expected = (given: Given | undefined) =>
  given === undefined
    ? undefined
    : {
        id: given.id,
        stream: asSent(given.stream),
        type: asSent(given.type),
        isJson: given.contentType === 'application/json',
        createdAt: Number(given.ticks / TICKS_PER_MILLISECOND),
        revision: Number(given.revision),
        position: positionOf(given),
        data: [...given.data],
        metadata: [...given.metadata],
      };

describe('answers to reads', () => {
  it('are read as they were sent, whatever came before', () => {
    const some = fc.array(fc.tuple(fc.option(aRecord, { nil: undefined }), fc.option(aRecord, { nil: undefined })), {
      minLength: 1,
      maxLength: 4,
    });
    fc.assert(
      fc.property(some, (sent) => {
        const reader = new AnswerReader();
        for (const [event, link] of sent) {
          const answer = reader.read(answerOf(event, link));
          if (answer.is !== 'event') throw new Error(answer.is);
          expect(readable(answer.event)).toEqual(expected(event));
          expect(readable(answer.link)).toEqual(expected(link));
        }
      }),
      { numRuns },
    );
  });

  it('are told apart', () => {
    const read = (fill: (answer: InstanceType<typeof streamsPb.ReadResp>) => void) => {
      const answer = new streamsPb.ReadResp();
      fill(answer);
      return new AnswerReader().read(Buffer.from(answer.serializeBinary()));
    };
    const confirmation = new streamsPb.ReadResp.SubscriptionConfirmation();
    confirmation.setSubscriptionId('any');
    const checkpoint = new streamsPb.ReadResp.Checkpoint();
    checkpoint.setCommitPosition('18446744073709551615');
    checkpoint.setPreparePosition('7');
    expect(read((answer) => answer.setConfirmation(confirmation))).toEqual({ is: 'confirmation' });
    expect(read((answer) => answer.setCheckpoint(checkpoint))).toEqual({
      is: 'checkpoint',
      position: positionOf({ commit: 2n ** 64n - 1n, prepare: 7n }),
    });
    expect(read((answer) => answer.setCaughtUp(new streamsPb.ReadResp.CaughtUp()))).toEqual({ is: 'caughtUp' });
    expect(read((answer) => answer.setStreamNotFound(new streamsPb.ReadResp.StreamNotFound()))).toEqual({
      is: 'noStream',
    });
    expect(read((answer) => answer.setFellBehind(new streamsPb.ReadResp.FellBehind()))).toEqual({ is: 'other' });
    expect(read((answer) => answer.setLastStreamPosition('300'))).toEqual({ is: 'other' });
    expect(read(() => undefined)).toEqual({ is: 'other' });
  });

  it('that later servers add to are read without what is not known', () => {
    fc.assert(
      fc.property(aRecord, fc.integer({ min: 20, max: 500 }), uint64, (given, field, value) => {
        const unknown = new sharedPb.AllStreamPosition();
        unknown.setCommitPosition(String(value));
        const message = Buffer.from(unknown.serializeBinary());
        const fixed = Buffer.alloc(8, 0xff);
        const tag = (kind: number) => varint((field << 3) | kind);
        const added = [
          tag(0),
          varint(300),
          tag(1),
          fixed,
          tag(5),
          fixed.subarray(4),
          tag(2),
          varint(message.length),
          message,
        ];
        const answer = new AnswerReader().read(Buffer.concat([...added, answerOf(given), ...added]));
        if (answer.is !== 'event') throw new Error(answer.is);
        expect(readable(answer.event)).toEqual(expected(given));
      }),
    );
  });

  it('that are cut short or damaged are an error at most', () => {
    fc.assert(
      fc.property(
        aRecord,
        fc.nat(),
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { maxLength: 3 }),
        (given, cut, damage) => {
          const whole = answerOf(given);
          expect(() => new AnswerReader().read(whole.subarray(0, 1 + (cut % (whole.length - 1))))).toThrow(
            BrokenMessage,
          );
          for (const [at, byte] of damage) whole[at % whole.length] = byte;
          try {
            new AnswerReader().read(whole);
          } catch (error) {
            expect(error).toBeInstanceOf(BrokenMessage);
          }
        },
      ),
    );
  });
});

/** A number below 2^14 as protobuf writes it. */
const varint = (value: number): Buffer =>
  value < 128 ? Buffer.of(value) : Buffer.of((value & 127) | 128, value >>> 7);
