import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import * as t from 'io-ts';
import { describe, expect, it } from 'vitest';
import { count, EmailAddress, instant, MailboxId, nullable, oneOf, between, Port, SecretRef } from '../values/index.ts';
import { compileCodec } from './compile-codec.ts';
import { describeErrors } from './decode-errors.ts';
import { mismatch } from './mismatch.ts';
import { runsOf } from '../testing/test-size.ts';
import { personal } from './personal.ts';

const odd = new t.Type<number>(
  'an odd number',
  (input): input is number => typeof input === 'number' && input % 2 === 1,
  (input, context) => (typeof input === 'number' && input % 2 === 1 ? t.success(input) : t.failure(input, context)),
  t.identity,
);

const props = {
  mailboxId: MailboxId,
  at: instant,
  until: nullable(instant),
  address: personal(nullable(EmailAddress)),
  status: oneOf('passed', 'failed'),
  count,
  percent: between(0, 100),
  port: nullable(Port),
  secret: SecretRef,
  text: t.string,
  flag: t.boolean,
  kind: t.keyof({ imap: null, pop3: null }),
  one: t.literal('one'),
  steps: t.readonlyArray(t.strict({ step: t.string, ms: count })),
  numbers: t.array(t.number),
  odd,
  either: t.union([t.string, t.number]),
  maybe: t.union([t.string, t.undefined]),
  anything: t.unknown,
  'a "quoted" name': t.null,
};
const codec = t.strict(props);
const compiled = compileCodec(codec);

const valid = {
  mailboxId: '0f8fad5b-d9cb-469f-a165-70867728950e',
  at: '2026-01-28T09:00:00.000Z',
  until: null,
  address: 'ada@example.org',
  status: 'passed',
  count: 3,
  percent: 100,
  port: 993,
  secret: { id: 'x', version: 1 },
  text: '',
  flag: false,
  kind: 'imap',
  one: 'one',
  steps: [{ step: 'dns', ms: 3 }],
  numbers: [1, 2.5],
  odd: 7,
  either: 'x',
  maybe: 'x',
  anything: { deep: [] },
  'a "quoted" name': null,
};

const decodedValid = { ...valid, at: new Date(valid.at) } as unknown as t.TypeOf<typeof codec>;

const dates = fc.oneof(
  fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
  fc
    .tuple(...[9999, 13, 32, 25, 61, 61, 999].map((max) => fc.integer({ min: 0, max })))
    .map(([y, mo, d, h, mi, s, ms]) => {
      const pad = (value: number | undefined, length: number) => String(value).padStart(length, '0');
      return `${pad(y, 4)}-${pad(mo, 2)}-${pad(d, 2)}T${pad(h, 2)}:${pad(mi, 2)}:${pad(s, 2)}.${pad(ms, 3)}Z`;
    }),
);
const others = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    '',
    0,
    -1,
    1,
    7,
    3.5,
    NaN,
    65535,
    65536,
    'failed',
    'pop3',
    'one',
    true,
    [],
    {},
  ),
  fc.constantFrom<unknown>('[erased]', 'ADA@EXAMPLE.ORG', 'no address', '0f8fad5b-d9cb-469f-a165-70867728950E'),
  fc.constantFrom<unknown>({ id: 'x', version: -1 }, { id: 'x', version: 1, more: 2 }, [{ step: 'a', ms: 1, more: 2 }]),
  fc.constantFrom<unknown>([{ step: 1, ms: 1 }], [1, 'x'], new Date(0), new Map(), () => 1, Object.create({ id: 'x' })),
  dates,
  fc.anything(),
);
const keys = [...Object.keys(props), 'unknown', '__proto__', 'constructor'];

/** The valid event, with some fields replaced, removed or added: most of what can happen, and often still valid. */
const inputs = fc
  .array(fc.tuple(fc.constantFrom(...keys), fc.oneof(others, fc.constant('remove'))), { maxLength: 4 })
  .map((changes) => {
    const input: Record<string, unknown> = { ...valid };
    for (const [key, value] of changes) {
      if (value === 'remove') Reflect.deleteProperty(input, key);
      else Object.defineProperty(input, key, { value, enumerable: true, configurable: true, writable: true });
    }
    return input;
  });

// Spread: a field named __proto__ becomes the prototype of what io-ts gives. Ours drops it, like every unknown field.
const outcome = (result: t.Validation<unknown>): unknown =>
  result._tag === 'Right'
    ? typeof result.right === 'object'
      ? { ...result.right }
      : result.right
    : { problems: describeErrors(result.left), count: result.left.length };

/** As often as the claim says; when mutants are tried, as often as shows both ways for certain. */
const times = (claimed: number): number =>
  Math.min(claimed, Math.max(500, runsOf({ small: claimed, ci: claimed, full: claimed })));

describe('compileCodec', () => {
  it('accepts, rejects, gives values and errors as io-ts does, on 10,000 generated inputs', () => {
    let accepted = 0;
    const numRuns = times(10_000);
    fc.assert(
      fc.property(fc.oneof({ arbitrary: inputs, weight: 20 }, { arbitrary: fc.anything(), weight: 1 }), (input) => {
        const expected = codec.decode(input);
        if (expected._tag === 'Right') accepted += 1;
        const got = compiled.decode(input);
        expect(got._tag).toBe(expected._tag);
        expect(isDeepStrictEqual(outcome(got), outcome(expected))).toBe(true);
      }),
      { numRuns },
    );
    // Both ways have been looked at.
    expect(accepted).toBeGreaterThan(numRuns / 20);
    expect(accepted).toBeLessThan(numRuns - numRuns / 20);
  });

  it('reads every date-time that io-ts reads, as the same instant', () => {
    const date = t.strict({ at: instant });
    const fast = compileCodec(date);
    fc.assert(
      fc.property(dates, (at) => {
        expect(outcome(fast.decode({ at }))).toEqual(outcome(date.decode({ at })));
      }),
      { numRuns: times(5000) },
    );
  });

  it('decodes what is common without asking io-ts', () => {
    expect(compiled.fast(valid)).toEqual(decodedValid);
    for (const input of [null, 7, 'x', [valid], Object.create(valid), new Map(Object.entries(valid))]) {
      expect(compiled.fast(input)).toBe(mismatch);
    }
  });

  it('leaves everything to io-ts where no code may be generated', () => {
    const { Function: generator } = globalThis;
    globalThis.Function = function forbidden() {
      throw new EvalError('code generation from strings is not allowed here');
    } as unknown as FunctionConstructor;
    try {
      const careful = compileCodec(codec);
      expect(careful.fast(valid)).toBe(mismatch);
      expect(careful.decode(valid)).toEqual(codec.decode(valid));
      expect(careful.encode(decodedValid)).toEqual(codec.encode(decodedValid));
    } finally {
      globalThis.Function = generator;
    }
  });

  it('encodes as io-ts does', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const decoded = codec.decode(input);
        if (decoded._tag === 'Left') return;
        const value = { ...decoded.right, notDeclared: 'dropped' };
        const encode = compiled.encode as (given: unknown) => unknown;
        expect(JSON.parse(JSON.stringify(encode(value)))).toEqual(JSON.parse(JSON.stringify(codec.encode(value))));
      }),
      { numRuns: times(2000) },
    );
  });

  it('drops what the codec does not name, and shares nothing that could be changed by that', () => {
    const decoded = compiled.decode({ ...valid, password: 'x' });
    expect(decoded._tag === 'Right' && 'password' in decoded.right).toBe(false);
  });

  it('leaves every other codec as it is', () => {
    for (const other of [
      t.string,
      t.type({ a: t.string }),
      t.union([codec, t.null]),
      t.strict({ ['__proto__']: t.string }),
    ]) {
      const same = compileCodec(other as t.Type<unknown>);
      fc.assert(
        fc.property(fc.oneof(inputs, fc.anything()), (input) => {
          expect(isDeepStrictEqual(outcome(same.decode(input)), outcome(other.decode(input)))).toBe(true);
        }),
      );
    }
  });
});
