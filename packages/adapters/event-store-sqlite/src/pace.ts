/** Decides when the writer takes its next turn. */
export interface Pace {
  /** `isAlone`: the last turn served one caller, so that this one may well be the same, and the only one. */
  readonly next: (isAlone: boolean) => void;
}

/** For so many milliseconds a caller that comes alone does not wait for the event loop. */
const longestRun = 2;

/**
 * Appends that come together should be written together, so a turn waits until the event loop has gone round once:
 * whoever has something to say has then said it. After a flush to disk that round costs a good part of what the flush
 * does. A caller that was alone the last time is therefore served as soon as everything that can run at once has run;
 * the loop gets its round all the same every few milliseconds, for the sake of everything else in the process.
 */
export const pace = (turn: () => void): Pace => {
  let wentRoundAt = Number.NEGATIVE_INFINITY;
  const turnOfLoop = (): void => {
    wentRoundAt = performance.now();
    turn();
  };
  return {
    next: (isAlone) => {
      if (isAlone && performance.now() - wentRoundAt < longestRun) process.nextTick(turn);
      else setImmediate(turnOfLoop);
    },
  };
};
