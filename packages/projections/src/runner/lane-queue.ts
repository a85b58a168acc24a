/** A queue in which lanes take turns, and urgent entries go before all others (among themselves, lanes take turns too). */
export const laneQueue = <Entry>() => {
  const urgent = new Map<string, Entry[]>();
  const ordinary = new Map<string, Entry[]>();
  let size = 0;

  const take = (lanes: Map<string, Entry[]>, mayTake: (lane: string) => boolean): Entry | undefined => {
    for (const [name, entries] of lanes) {
      if (!mayTake(name)) continue;
      const entry = entries.shift();
      // The lane goes to the end of the row, or away when it is empty.
      lanes.delete(name);
      if (entries.length > 0) lanes.set(name, entries);
      if (entry === undefined) continue;
      size -= 1;
      return entry;
    }
    return undefined;
  };

  return {
    push: (entry: Entry, lane: string, isUrgent: boolean): void => {
      const lanes = isUrgent ? urgent : ordinary;
      const entries = lanes.get(lane);
      if (entries === undefined) lanes.set(lane, [entry]);
      else entries.push(entry);
      size += 1;
    },
    /** The next entry; of lanes that `mayTake` turns down only urgent ones. */
    shift: (mayTake: (lane: string) => boolean = () => true): Entry | undefined =>
      take(urgent, () => true) ?? take(ordinary, mayTake),
    clear: (): void => {
      urgent.clear();
      ordinary.clear();
      size = 0;
    },
    size: (): number => size,
  };
};
