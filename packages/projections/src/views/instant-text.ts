let lastTime = Number.NaN;
let lastText = '';

/** An instant as ISO text. Events of one commit share theirs, and writing it out costs as much as reading an event. */
export const instantText = (instant: Date): string => {
  const time = instant.getTime();
  if (time !== lastTime) {
    lastTime = time;
    lastText = instant.toISOString();
  }
  return lastText;
};
