import type { JsonObject, Metadata, Position, RecordedEvent, StreamName } from '@mailroom/domain';

/** Metadata of a batch as it was stored: most readers never look at it, so it is parsed when the first one does. */
export interface BatchMetadata {
  readonly at: (index: number) => Metadata;
}

export const batchMetadata = (parse: () => readonly Metadata[]): BatchMetadata => {
  let parsed: readonly Metadata[] | undefined;
  return {
    at: (index) => {
      parsed ??= parse();
      const metadata = parsed[index];
      if (metadata === undefined) throw new Error('an event without metadata: the file is damaged');
      return metadata;
    },
  };
};

/** An event as read from the file. It behaves like a plain object: it can be spread, compared and turned into JSON. */
export class FileEvent implements RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly schemaVersion: number;
  readonly data: JsonObject;
  readonly stream: StreamName;
  readonly revision: number;
  readonly position: Position;
  readonly recordedAt: Date;
  declare readonly metadata: Metadata;
  readonly #metadata: BatchMetadata;
  readonly #index: number;

  // Called for every event that is read: an object in between would be one more for each.
  constructor(
    id: string,
    type: string,
    schemaVersion: number,
    data: JsonObject,
    stream: StreamName,
    revision: number,
    position: Position,
    recordedAt: Date,
    metadata: BatchMetadata,
    index: number,
  ) {
    this.id = id;
    this.type = type;
    this.schemaVersion = schemaVersion;
    this.data = data;
    this.stream = stream;
    this.revision = revision;
    this.position = position;
    this.recordedAt = recordedAt;
    this.#metadata = metadata;
    this.#index = index;
    Object.defineProperty(this, 'metadata', ownMetadata);
  }

  static metadataOf(event: FileEvent): Metadata {
    return event.#metadata.at(event.#index);
  }
}

/** An own property (spreading copies it) with one getter for all events (they keep one shape, and stay fast). */
const ownMetadata: PropertyDescriptor & ThisType<FileEvent> = {
  enumerable: true,
  configurable: true,
  get() {
    return FileEvent.metadataOf(this);
  },
};
