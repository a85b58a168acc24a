import type { CheckActivity } from '@mailroom/domain';

/** Only the checks of mailboxes that `sees` agrees to; it is asked once for each channel of a test. */
export const visibleChecks = (
  activities: AsyncIterable<CheckActivity>,
  sees: (mailboxId: string) => Promise<boolean>,
): AsyncIterable<CheckActivity> => ({
  [Symbol.asyncIterator]: () => {
    const source = activities[Symbol.asyncIterator]();
    const known = new Map<string, boolean>();

    const isSeen = async ({ _tag, testId, channel, mailboxId }: CheckActivity): Promise<boolean> => {
      const check = `${testId} ${channel}`;
      const seen = known.get(check) ?? (await sees(mailboxId));
      if (_tag === 'CheckEnded') known.delete(check);
      else known.set(check, seen);
      return seen;
    };

    return {
      next: async () => {
        for (;;) {
          const item = await source.next();
          if (item.done === true || (await isSeen(item.value))) return item;
        }
      },
      return: async () => {
        await source.return?.();
        return { done: true, value: undefined };
      },
    };
  },
});
