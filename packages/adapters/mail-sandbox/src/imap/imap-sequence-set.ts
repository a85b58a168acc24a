/** Whether a number lies in a set such as `1,3:5,9:*`; `*` is `last`. */
export const inSet = (set: string, number: number, last: number): boolean =>
  set.split(',').some((range) => {
    const [from, to] = range.split(':').map((end) => (end === '*' ? last : Number(end)));
    if (from === undefined) return false;
    const until = to ?? from;
    return number >= Math.min(from, until) && number <= Math.max(from, until);
  });

/** Whether a text has the form of such a set. */
export const isSet = (text: string): boolean => /^(\d+|\*)(:(\d+|\*))?(,(\d+|\*)(:(\d+|\*))?)*$/.test(text);
