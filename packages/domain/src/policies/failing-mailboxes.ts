/** A channel that failed at this instant (ISO), or is paused for as long as the trouble of its profile lasts. */
export interface Trouble {
  readonly at: string;
  readonly kind: string;
  readonly paused: boolean;
}

type Channels = Readonly<Record<string, Trouble>>;

/** The mailboxes of a profile that do not work, each with the channels that failed. */
export type Failing = Readonly<Record<string, Channels>>;

/** A failure counts for this long, in milliseconds, unless the channel is paused. */
const countsFor = 60 * 60_000;

const counts = ({ at, paused }: Trouble, now: number): boolean => paused || now - Date.parse(at) < countsFor;

/** What still counts at this instant (ISO); the same object when all of it does. */
export const aged = (failing: Failing, at: string): Failing => {
  const now = Date.parse(at);
  let rest = failing;
  for (const [mailboxId, channels] of Object.entries(failing)) {
    for (const [channel, trouble] of Object.entries(channels)) {
      if (!counts(trouble, now)) rest = withTrouble(rest, mailboxId, channel, () => undefined);
    }
  }
  return rest;
};

export const without = (failing: Failing, mailboxId: string): Failing => {
  if (!(mailboxId in failing)) return failing;
  const { [mailboxId]: _, ...others } = failing;
  return others;
};

/** With the trouble of one channel changed; `undefined`: it has none. A mailbox without any is not in it. */
export const withTrouble = (
  failing: Failing,
  mailboxId: string,
  channel: string,
  change: (before: Trouble | undefined) => Trouble | undefined,
): Failing => {
  const { [channel]: before, ...others } = failing[mailboxId] ?? {};
  const after = change(before);
  if (after === before) return failing;
  const channels = after === undefined ? others : { ...others, [channel]: after };
  return Object.keys(channels).length === 0 ? without(failing, mailboxId) : { ...failing, [mailboxId]: channels };
};

/** The kind of failure that occurs most; of several, the first by name. */
export const kindOfMost = (failing: Failing): string => {
  const counts = new Map<string, number>();
  for (const channels of Object.values(failing)) {
    for (const kind of new Set(Object.values(channels).map((trouble) => trouble.kind))) {
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
  }
  const [most] = [...counts].sort(([a, one], [b, other]) => other - one || (a < b ? -1 : 1));
  return most?.[0] ?? '';
};
