// The part of Vitest's API that the tests of the domain use: groups, tables, hooks. Tests are collected, and run later.
import { format } from 'node:util';
import { ASYMMETRIC_MATCHERS_OBJECT, chai, JestAsymmetricMatchers, JestChaiExpect, JestExtend } from '@vitest/expect';

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

const expect = Object.assign((value, message) => chai.expect(value, message), chai.expect, {
  ...globalThis[ASYMMETRIC_MATCHERS_OBJECT],
});

/** Collects the tests of files that are loaded with `api` in place of Vitest. */
export const createSuite = () => {
  const tests = [];
  let group = { file: '', names: [], hooks: [] };

  const describe = (name, body) => {
    const outer = group;
    group = { ...outer, names: [...outer.names, name], hooks: [...outer.hooks] };
    body();
    group = outer;
  };
  const test = (name, body) => {
    const { file, names, hooks } = group;
    const full = [...names, name].join(' ');
    tests.push({ id: `${tests.length}: ${full}`, name: full, file, hooks, body });
  };
  /** `%s` and its like are filled from the row; a row that is no list is the one argument. */
  const each = (declare) => (rows) => (name, body) =>
    rows.forEach((row) => {
      const values = Array.isArray(row) ? row : [row];
      declare(format(name, ...values), () => body(...values));
    });

  const api = {
    describe: Object.assign(describe, { each: each(describe) }),
    test: Object.assign(test, { each: each(test) }),
    it: Object.assign(test, { each: each(test) }),
    beforeEach: (hook) => group.hooks.push(hook),
    expect,
  };
  const startFile = (file) => {
    group = { file, names: [file], hooks: [] };
  };
  return { api, startFile, tests };
};
