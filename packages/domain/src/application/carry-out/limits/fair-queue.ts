/** Where an entry stands in line. */
export interface Place {
  readonly organizationId: string;
  /** Entries that are admitted or held back together. */
  readonly endpoint: string;
  readonly identity: string;
  /** A person waits for it. */
  readonly urgent: boolean;
}

/** What may be started now; asked from the outside in, so that a whole group is skipped at once. */
export interface Admission<Entry extends Place> {
  readonly organization: (organizationId: string, urgent: boolean) => boolean;
  readonly endpoint: (entry: Entry) => boolean;
  readonly identity: (entry: Entry) => boolean;
  readonly entry: (entry: Entry) => boolean;
}

/** Entries that wait. Urgent ones go first; within a lane the organizations take turns, then their endpoints and identities. */
export interface FairQueue<Entry extends Place> {
  readonly size: number;
  readonly add: (entry: Entry) => void;
  /** Removes and returns the next one that is admitted; null when none is. */
  readonly take: () => Entry | null;
  /** Takes an entry out; false when it does not wait any more. */
  readonly remove: (entry: Entry) => boolean;
}

/** First in, first out within one identity. */
type Line<Entry> = Entry[];
type Turns<Value> = Map<string, Value>;

const inTurn = <Value>(turns: Turns<Value>, key: string, create: () => Value): Value => {
  const known = turns.get(key);
  if (known !== undefined) return known;
  const created = create();
  turns.set(key, created);
  return created;
};

/** Whoever had a turn goes to the end, and away when nothing of it waits any more. */
const afterTurn = <Value>(turns: Turns<Value>, key: string, value: Value, isEmpty: boolean): void => {
  turns.delete(key);
  if (!isEmpty) turns.set(key, value);
};

/** An empty queue. `admission` is asked whenever somebody takes. */
export const createFairQueue = <Entry extends Place>(admission: Admission<Entry>): FairQueue<Entry> => {
  type Identities = Turns<Line<Entry>>;
  type Endpoints = Turns<Identities>;
  const lanes = { urgent: new Map<string, Endpoints>(), bulk: new Map<string, Endpoints>() };
  const laneOf = ({ urgent }: Entry): Turns<Endpoints> => (urgent ? lanes.urgent : lanes.bulk);
  let size = 0;

  const fromLine = (line: Line<Entry>): Entry | null => {
    const index = line.findIndex((entry) => admission.entry(entry));
    return index < 0 ? null : (line.splice(index, 1)[0] ?? null);
  };
  const fromIdentities = (identities: Identities): Entry | null => {
    for (const [identity, line] of identities) {
      const [first] = line;
      if (first === undefined || !admission.identity(first)) continue;
      const entry = fromLine(line);
      if (entry === null) continue;
      afterTurn(identities, identity, line, line.length === 0);
      return entry;
    }
    return null;
  };
  const fromEndpoints = (endpoints: Endpoints): Entry | null => {
    for (const [endpoint, identities] of endpoints) {
      const [first] = identities.values().next().value ?? [];
      if (first === undefined || !admission.endpoint(first)) continue;
      const entry = fromIdentities(identities);
      if (entry === null) continue;
      afterTurn(endpoints, endpoint, identities, identities.size === 0);
      return entry;
    }
    return null;
  };
  const fromLane = (organizations: Turns<Endpoints>, urgent: boolean): Entry | null => {
    for (const [organizationId, endpoints] of organizations) {
      if (!admission.organization(organizationId, urgent)) continue;
      const entry = fromEndpoints(endpoints);
      if (entry === null) continue;
      afterTurn(organizations, organizationId, endpoints, endpoints.size === 0);
      return entry;
    }
    return null;
  };

  return {
    get size() {
      return size;
    },
    add: (entry) => {
      const endpoints = inTurn(laneOf(entry), entry.organizationId, () => new Map<string, Identities>());
      const identities = inTurn(endpoints, entry.endpoint, () => new Map<string, Line<Entry>>());
      inTurn(identities, entry.identity, (): Line<Entry> => []).push(entry);
      size += 1;
    },
    take: () => {
      const entry = fromLane(lanes.urgent, true) ?? fromLane(lanes.bulk, false);
      if (entry !== null) size -= 1;
      return entry;
    },
    remove: (entry) => {
      const organizations = laneOf(entry);
      const endpoints = organizations.get(entry.organizationId);
      const identities = endpoints?.get(entry.endpoint);
      const line = identities?.get(entry.identity);
      const index = line?.indexOf(entry) ?? -1;
      if (endpoints === undefined || identities === undefined || line === undefined || index < 0) return false;
      line.splice(index, 1);
      if (line.length === 0) identities.delete(entry.identity);
      if (identities.size === 0) endpoints.delete(entry.endpoint);
      if (endpoints.size === 0) organizations.delete(entry.organizationId);
      size -= 1;
      return true;
    },
  };
};
