import { type ParamsOf, type Sentence, type Text, fill } from './text.ts';

/**
 * The domain says no. `_tag` names the rule for programs, `field` the input it is about (where there is one), `text`
 * says to a person what was refused and what to do instead. `further`: what else is wrong with the same command, so
 * that all of it can be put right at once.
 */
export interface Rejection<Tag extends string = string> {
  readonly _tag: Tag;
  readonly field: string | null;
  readonly text: Text;
  readonly further: readonly Rejection[];
}

/** One rejection that tells all of these findings: the first of them, with the others in `further`. */
export const together = <Finding extends Rejection>([first, ...others]: readonly [Finding, ...Finding[]]): Finding => ({
  ...first,
  further: [...first.further, ...others.flatMap(findingsOf)],
});

/** Every finding of a rejection, one by one. */
export const findingsOf = (rejection: Rejection): readonly Rejection[] => [
  { ...rejection, further: [] },
  ...rejection.further,
];

type Rejections<Sentences extends Readonly<Record<string, string>>> = {
  readonly [Tag in keyof Sentences & string]: {
    (params: ParamsOf<Sentences[Tag]>, field?: string | null): Rejection<Tag>;
    /** With the names of its parameters in braces, for pages and translations. */
    readonly sentence: Sentences[Tag];
  };
};

/** Declares the rejections of one aggregate: `{ MailboxNotFound: 'There is no mailbox {mailboxId}. Choose another one.' }`. */
export const rejectionsOf = <const Sentences extends Readonly<Record<string, string>>>(
  sentences: Sentences,
): Rejections<Sentences> =>
  Object.fromEntries(
    Object.entries(sentences).map(([tag, sentence]) => [
      tag,
      Object.assign(
        (params: Readonly<Record<string, string | number>>, field: string | null = null): Rejection => ({
          _tag: tag,
          field,
          text: { key: `rejection.${tag}`, params, sentence: fill(sentence, params) },
          further: [],
        }),
        { sentence },
      ),
    ]),
  ) as unknown as Rejections<Sentences>;

/** Key and sentence of every rejection of a table. */
export const sentencesOf = (table: Readonly<Record<string, { readonly sentence: string }>>): readonly Sentence[] =>
  Object.entries(table).map(([tag, { sentence }]) => ({ key: `rejection.${tag}`, sentence }));

/** The union of the rejections that a table declares. */
export type RejectionOf<Table> =
  Table extends Readonly<Record<string, (...args: never[]) => infer Value>> ? Value : never;
