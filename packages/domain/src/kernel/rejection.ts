import { type ParamsOf, type Text, fill } from './text.ts';

/**
 * The domain says no. `_tag` names the rule for programs, `field` the input it is about (where there is one), `text`
 * says to a person what was refused and what to do instead.
 */
export interface Rejection<Tag extends string = string> {
  readonly _tag: Tag;
  readonly field: string | null;
  readonly text: Text;
}

type Rejections<Sentences extends Readonly<Record<string, string>>> = {
  readonly [Tag in keyof Sentences & string]: (
    params: ParamsOf<Sentences[Tag]>,
    field?: string | null,
  ) => Rejection<Tag>;
};

/** Declares the rejections of one aggregate: `{ MailboxNotFound: 'There is no mailbox {mailboxId}.' }`. */
export const rejectionsOf = <const Sentences extends Readonly<Record<string, string>>>(
  sentences: Sentences,
): Rejections<Sentences> =>
  Object.fromEntries(
    Object.entries(sentences).map(([tag, sentence]) => [
      tag,
      (params: Readonly<Record<string, string | number>>, field: string | null = null): Rejection => ({
        _tag: tag,
        field,
        text: { key: `rejection.${tag}`, params, sentence: fill(sentence, params) },
      }),
    ]),
  ) as unknown as Rejections<Sentences>;

/** The union of the rejections that a table declares. */
export type RejectionOf<Table> =
  Table extends Readonly<Record<string, (...args: never[]) => infer Value>> ? Value : never;
