/** The names in braces of a sentence: `ParamsOf<'No {what} on {host}'>` is `{ what, host }`. */
export type ParamsOf<Sentence extends string> = Sentence extends `${string}{${infer Name}}${infer Rest}`
  ? { readonly [Key in Name]: string | number } & ParamsOf<Rest>
  : unknown;

/**
 * A text for people: a key with parameters, which a host can translate, and the English sentence that they make.
 * Rejections, alerts and advice are such texts.
 */
export interface Text {
  readonly key: string;
  readonly params: Readonly<Record<string, string | number>>;
  readonly sentence: string;
}

/** Puts the parameters into the braces of a sentence. A parameter that is missing stays visible as `{name}`. */
export const fill = (sentence: string, params: Readonly<Record<string, string | number>>): string =>
  sentence.replace(/\{(\w+)\}/g, (whole, name: string) => (name in params ? String(params[name]) : whole));

/** A text before its parameters are known, with their names in braces: what a translation starts from. */
export interface Sentence {
  readonly key: string;
  readonly sentence: string;
}

/** Builds texts from a table of sentences. The compiler asks for exactly the parameters that the sentence names. */
export const textsOf = <const Sentences extends Readonly<Record<string, string>>>(
  prefix: string,
  sentences: Sentences,
) =>
  Object.assign(
    <Key extends keyof Sentences & string>(key: Key, params: ParamsOf<Sentences[Key]>): Text => {
      const given = params as Readonly<Record<string, string | number>>;
      return { key: `${prefix}.${key}`, params: given, sentence: fill(sentences[key] ?? key, given) };
    },
    {
      sentences: Object.entries(sentences).map(([key, sentence]): Sentence => ({ key: `${prefix}.${key}`, sentence })),
    },
  );
