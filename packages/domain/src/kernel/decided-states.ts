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

interface Kept {
  decided: DecidedState<unknown>;
  weight: number;
  /** Used since it was looked at last, when room was needed. */
  used: boolean;
}

/** `size` is the number of streams to keep. */
export const decidedStates = (size: number): DecidedStates => {
  // Oldest first. A use only leaves a mark: taking out and putting back at each use would cost more than the rest.
  const kept = new Map<string, Kept>();
  let total = 0;
  let era = 0;

  const forget = (stream: string): void => {
    total -= kept.get(stream)?.weight ?? 0;
    kept.delete(stream);
  };

  /** Drops what was not used since the last time; what was used gets another round. */
  const makeRoom = (): void => {
    for (const [stream, entry] of kept) {
      if (total <= size) return;
      kept.delete(stream);
      if (entry.used) kept.set(stream, { ...entry, used: false });
      else total -= entry.weight;
    }
  };

  return {
    get: <State>(owner: object, stream: string) => {
      const entry = kept.get(stream);
      if (entry === undefined || entry.decided.owner !== owner) return undefined;
      entry.used = true;
      return entry.decided as DecidedState<State>;
    },
    put: (stream, decided, madeIn) => {
      if (madeIn !== era) {
        forget(stream);
        return;
      }
      const weight = weightOf(decided);
      const entry = kept.get(stream);
      if (entry === undefined) kept.set(stream, { decided, weight, used: false });
      else {
        total -= entry.weight;
        entry.decided = decided;
        entry.weight = weight;
      }
      total += weight;
      if (total > size) makeRoom();
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
