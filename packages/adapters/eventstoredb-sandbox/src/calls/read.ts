import { indexAt, isInsideRecord, resolve, windowOf } from '../log/read.ts';
import type { LogRecord } from '../log/records.ts';
import { notFoundResponse } from '../wire/records.ts';
import { readRequestFrom, type ReadRequest } from '../wire/requests.ts';
import { gate, track, type Context } from './context.ts';
import { Sender, type ReadCall } from './sender.ts';
import { subscribe } from './subscribe.ts';

/** Reads of a stream or of the whole log, and subscriptions, which are reads that do not end. */
export function read(context: Context) {
  return async (call: ReadCall): Promise<void> => {
    call.on('error', () => undefined);
    const options = call.request.getOptions();
    const isSubscription = options?.hasSubscription() === true;
    const name = isSubscription ? 'subscribe' : 'read';
    track(context, name, call);
    let request: ReadRequest | undefined;
    try {
      request = options === undefined ? undefined : readRequestFrom(options);
    } catch {
      // A pattern that is no regular expression; answered below.
    }
    const sender = new Sender(context, call, context.faults.take(name, request?.stream));
    const refused = gate(context, call.metadata, false);
    if (refused !== undefined) {
      sender.refuse(refused);
      return;
    }
    if (request === undefined) {
      sender.refuse({ is: 'handlerThrew' });
      return;
    }
    await (isSubscription ? subscribe(context, sender, request) : readOnce(context, sender, request));
  };
}

async function readOnce(context: Context, sender: Sender, request: ReadRequest): Promise<void> {
  if (request.count <= 0n) {
    sender.refuse({ is: 'handlerThrew' });
    return;
  }
  await sender.meetFault();
  const records = request.stream === undefined ? all(context, sender, request) : stream(context, sender, request);
  if (records === undefined) return;
  let sent = 0n;
  for (const record of records) {
    if (sender.over) return;
    if (request.filter?.matches(record) === false) continue;
    await sender.event(resolve(context.log, record, request.resolveLinks));
    sent += 1n;
    if (sent >= request.count) break;
  }
  sender.end();
}

/** Forwards a position is included, backwards it is not: positions are the bytes before a record. */
function all(context: Context, sender: Sender, request: ReadRequest): Iterable<LogRecord> | undefined {
  const { log } = context;
  if (typeof request.from === 'bigint' && isInsideRecord(log, request.from)) {
    sender.refuse({ is: 'handlerThrew' });
    return;
  }
  const from = request.from === 'start' ? 0 : request.from === 'end' ? log.all.length : indexAt(log, request.from);
  return request.backwards ? downwards(log.all, from - 1, 0) : upwards(log.all, from);
}

function stream(context: Context, sender: Sender, request: ReadRequest): Iterable<LogRecord> | undefined {
  const { log } = context;
  const name = request.stream ?? '';
  const window = windowOf(log, name);
  if (window.is === 'deleted') {
    sender.refuse({ is: 'streamDeleted', stream: name });
    return;
  }
  if (window.is === 'missing') {
    void sender.message(notFoundResponse(name)).then(() => sender.end());
    return undefined;
  }
  const first = Number(window.first);
  const last = Number(window.last);
  const from = request.from === 'start' ? 0 : request.from === 'end' ? last : Number(request.from);
  const records = log.recordsOf(name);
  if (request.backwards) return downwards(records, Math.min(from, last), first);
  return upwards(records, request.from === 'end' ? last + 1 : Math.max(from, first));
}

/** Up to what is there when the reader gets there: a read ends at the end it sees then. */
function* upwards(records: readonly LogRecord[], from: number): Iterable<LogRecord> {
  for (let index = from; index < records.length; index += 1) {
    const record = records[index];
    if (record !== undefined) yield record;
  }
}

function* downwards(records: readonly LogRecord[], from: number, to: number): Iterable<LogRecord> {
  for (let index = from; index >= to; index -= 1) {
    const record = records[index];
    if (record !== undefined) yield record;
  }
}
