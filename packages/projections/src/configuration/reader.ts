import { type Finding, nearest } from './findings.ts';

/** What a codec of the domain offers a reader: a check, and in words what it expects. */
export interface Checked<A> {
  readonly name: string;
  readonly is: (input: unknown) => input is A;
}

/**
 * Reads one object of a configuration file. Every problem becomes a finding and reading goes on, so that a person sees
 * all of them at once. A key that nobody asked for is a finding too, when `end` is called.
 */
export class ObjectReader {
  readonly #fields: Readonly<Record<string, unknown>>;
  readonly #asked = new Set<string>();
  readonly path: string;
  readonly findings: Finding[];

  constructor(input: unknown, path: string, findings: Finding[]) {
    this.path = path;
    this.findings = findings;
    const isObject = typeof input === 'object' && input !== null && !Array.isArray(input);
    this.#fields = isObject ? (input as Record<string, unknown>) : {};
    if (!isObject) findings.push({ path, problem: 'expected an object' });
  }

  pathOf(key: string): string {
    return this.path === '' ? key : `${this.path}.${key}`;
  }

  problem(key: string, problem: string): void {
    this.findings.push({ path: this.pathOf(key), problem });
  }

  has(key: string): boolean {
    this.#asked.add(key);
    return this.#fields[key] !== undefined;
  }

  raw(key: string): unknown {
    this.#asked.add(key);
    return this.#fields[key];
  }

  /** The value, or undefined after a finding. */
  required<A>(key: string, codec: Checked<A>): A | undefined {
    if (this.has(key)) return this.#checked(key, codec);
    this.problem(key, `expected ${codec.name}, but it is missing`);
    return undefined;
  }

  optional<A>(key: string, codec: Checked<A>): A | undefined {
    return this.has(key) ? this.#checked(key, codec) : undefined;
  }

  object(key: string): ObjectReader | undefined {
    return this.has(key) ? new ObjectReader(this.#fields[key], this.pathOf(key), this.findings) : undefined;
  }

  list<A>(key: string, item: (input: unknown, path: string) => A | undefined): readonly A[] {
    const input = this.raw(key);
    if (!Array.isArray(input)) {
      this.problem(key, input === undefined ? 'expected a list, but it is missing' : 'expected a list');
      return [];
    }
    return input.flatMap((one: unknown, index) => {
      const value = item(one, `${this.pathOf(key)}[${index}]`);
      return value === undefined ? [] : [value];
    });
  }

  end(): void {
    for (const key of Object.keys(this.#fields)) {
      if (this.#asked.has(key)) continue;
      const meant = nearest(key, [...this.#asked]);
      const hint = meant === undefined ? `known keys: ${[...this.#asked].join(', ')}` : `did you mean "${meant}"?`;
      this.problem(key, `is not a known key; ${hint}`);
    }
  }

  #checked<A>(key: string, codec: Checked<A>): A | undefined {
    const value = this.#fields[key];
    if (codec.is(value)) return value;
    this.problem(key, `expected ${codec.name}`);
    return undefined;
  }
}

/** A codec from a check, for what only configuration files hold. */
export const checked = <A>(name: string, is: (input: unknown) => input is A): Checked<A> => ({ name, is });
export const yesOrNo = checked('true or false', (input): input is boolean => typeof input === 'boolean');
export const words = checked('text', (input): input is string => typeof input === 'string' && input !== '');
