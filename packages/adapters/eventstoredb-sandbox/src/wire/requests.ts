import { ANY, NO_STREAM, STREAM_EXISTS } from '../log/records.ts';
import { streamsPb } from './protocol.ts';
import { streamNameFrom } from './records.ts';

/** What appends, deletes and tombstones of every form share. */
interface WithExpectation {
  hasNoStream(): boolean;
  hasAny(): boolean;
  hasStreamExists(): boolean;
}

const LARGEST_REVISION = 2n ** 63n - 1n;

/** The expected revision as a number of the protocol; undefined when no revision can be that large: the request is refused. */
export function expectedFrom(options: WithExpectation, revision: string): bigint | undefined {
  if (options.hasNoStream()) return NO_STREAM;
  if (options.hasAny()) return ANY;
  if (options.hasStreamExists()) return STREAM_EXISTS;
  const exact = BigInt(revision);
  return exact > LARGEST_REVISION ? undefined : exact;
}

type FilterOptions = InstanceType<typeof streamsPb.ReadReq.Options.FilterOptions>;
type Options = InstanceType<typeof streamsPb.ReadReq.Options>;

/** Which records of the whole log a reader wants, and how often it wants to hear where the server is. */
interface Filter {
  readonly matches: (record: { readonly stream: string; readonly type: string }) => boolean;
  /** Records considered between two checkpoints. */
  readonly checkpointEvery: number;
}

/** What a server reads at a time, and so the window when a client names none. */
const DEFAULT_WINDOW = 32;

function filterFrom(options: FilterOptions): Filter {
  const byStream = options.getStreamIdentifier();
  const expression = byStream ?? options.getEventType();
  const prefixes = expression?.getPrefixList() ?? [];
  const pattern = expression?.getRegex() ?? '';
  // The real server uses .NET's expressions; the common subset behaves the same.
  const regex = pattern === '' ? undefined : new RegExp(pattern);
  const test = (text: string): boolean =>
    regex === undefined ? prefixes.some((prefix) => text.startsWith(prefix)) : regex.test(text);
  const window = options.hasMax() ? options.getMax() : DEFAULT_WINDOW;
  return {
    matches: (record) => test(byStream === undefined ? record.type : record.stream),
    checkpointEvery: window * options.getCheckpointintervalmultiplier(),
  };
}

/** A read or a subscription, as asked. */
export interface ReadRequest {
  readonly from: 'start' | 'end' | bigint;
  /** Undefined for the whole log. */
  readonly stream: string | undefined;
  readonly backwards: boolean;
  readonly resolveLinks: boolean;
  readonly subscription: boolean;
  readonly count: bigint;
  readonly filter: Filter | undefined;
}

/** Throws on a pattern that is no regular expression. */
export function readRequestFrom(options: Options): ReadRequest {
  const stream = options.getStream();
  const all = options.getAll();
  const fromStream =
    stream?.hasRevision() === true ? BigInt(stream.getRevision()) : stream?.hasEnd() === true ? 'end' : 'start';
  const position = all?.getPosition();
  const fromAll =
    position === undefined ? (all?.hasEnd() === true ? 'end' : 'start') : BigInt(position.getCommitPosition());
  const filter = options.getFilter();
  return {
    from: stream === undefined ? fromAll : fromStream,
    stream: stream === undefined ? undefined : streamNameFrom(stream.getStreamIdentifier()),
    backwards: options.getReadDirection() === streamsPb.ReadReq.Options.ReadDirection.BACKWARDS,
    resolveLinks: options.getResolveLinks(),
    subscription: options.hasSubscription(),
    count: options.hasCount() ? BigInt(options.getCount()) : 0n,
    filter: filter === undefined ? undefined : filterFrom(filter),
  };
}
