import type { ExpectedRevision, Revision } from './event-store.ts';

/** The state of a stream at a revision, and which commands led there: by command id, the revision of its first event. */
export interface DecidedState<State> {
  readonly owner: object;
  readonly state: State;
  readonly revision: ExpectedRevision;
  readonly commands: Map<string, Revision>;
}

/** Keeps the states of the streams used last. What is dropped is read again; nothing depends on what is kept. */
export interface DecidedStates {
  /** `owner` is the decider that made the state: another one cannot use it. */
  readonly get: <State>(owner: object, stream: string) => DecidedState<State> | undefined;
  /** Keeps it, unless `forgetAll` was called since `era` was read: then what it was made from is to be forgotten. */
  readonly put: (stream: string, decided: DecidedState<unknown>, era: number) => void;
  readonly forget: (stream: string) => void;
  readonly forgetAll: () => void;
  readonly era: () => number;
}

/** Streams with long histories remember many commands: they count as several. */
const commandsPerPlace = 64;

const weightOf = ({ commands }: DecidedState<unknown>): number => 1 + Math.floor(commands.size / commandsPerPlace);

export const decidedStates = (size: number): DecidedStates => {
  // A Map iterates in the order of insertion: taking out and putting back keeps the oldest in front.
  const kept = new Map<string, { readonly decided: DecidedState<unknown>; readonly weight: number }>();
  let total = 0;
  let era = 0;

  const forget = (stream: string): void => {
    const entry = kept.get(stream);
    if (entry === undefined) return;
    kept.delete(stream);
    total -= entry.weight;
  };

  return {
    get: <State>(owner: object, stream: string) => {
      const entry = kept.get(stream);
      if (entry === undefined || entry.decided.owner !== owner) return undefined;
      kept.delete(stream);
      kept.set(stream, entry);
      return entry.decided as DecidedState<State>;
    },
    put: (stream, decided, madeIn) => {
      forget(stream);
      if (madeIn !== era) return;
      const weight = weightOf(decided);
      kept.set(stream, { decided, weight });
      total += weight;
      for (const oldest of kept.keys()) {
        if (total <= size) break;
        forget(oldest);
      }
    },
    forget,
    forgetAll: () => {
      era += 1;
      total = 0;
      kept.clear();
    },
    era: () => era,
  };
};
