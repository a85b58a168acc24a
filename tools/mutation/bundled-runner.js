// A test runner for Stryker that tries most mutants in less than a tenth of a second: all tests of the domain are one
// script, which is read once, and evaluated anew for each mutant that shows while modules load. With Vitest each mutant
// costs a worker that imports 250 modules, and a run of all mutants takes hours.
import { createRequire } from 'node:module';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import { build } from 'esbuild';
import { createSuite } from './suite.js';

/**
 * Quick tests that look at much come first: a mutant in what is built once when a module loads is tried against every
 * test until one fails.
 */
const first = ['tools/docs/', '/events.test.ts', '/sentences.test.ts', '/taxonomy.test.ts', '/mailbox/', '/profile/'];
/** Many repetitions come last. */
const last = ['laws.test.ts', '/compile-codec.test.ts', '/policies/', '/carry-out/'];

const rankOf = (file) => {
  const late = last.findIndex((part) => file.includes(part));
  const early = first.findIndex((part) => file.includes(part));
  return late >= 0 ? 100 + late : early >= 0 ? early : 50;
};

/** The domain's own tests, without those of the test tools it exports, and that of the pages that publish its contract. */
const testFiles = () => {
  const domain = 'packages/domain/src';
  const own = readdirSync(domain, { recursive: true, encoding: 'utf8' })
    .map((file) => join(domain, file).replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.test.ts') && !file.startsWith(`${domain}/testing/`));
  return [...own, 'tools/docs/domain-pages.test.ts'].sort((a, b) => rankOf(a) - rankOf(b) || (a < b ? -1 : 1));
};

/** The script: a function of `require`, of what stands for Vitest, and of a call that says which file begins. */
const bundle = async (root) => {
  const { outputFiles } = await build({
    stdin: {
      contents: testFiles()
        .map((file) => `startFile(${JSON.stringify(file)}); require(${JSON.stringify(`./${file}`)});`)
        .join('\n'),
      resolveDir: root,
    },
    absWorkingDir: root,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    // The copy that Stryker works on links to the packages of the original.
    alias: { '@mailroom/domain': resolve(root, 'packages/domain/src/index.ts') },
    packages: 'external',
    logLevel: 'error',
    plugins: [withOwnUrl],
  });
  return outputFiles[0].text;
};

/** Tests look for files beside them; in one script, each module has to be told where it came from. */
const withOwnUrl = {
  name: 'own-url',
  setup: ({ onLoad }) =>
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const url = JSON.stringify(pathToFileURL(path).href);
      return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', url), loader: 'ts' };
    }),
};

/** Where Stryker counts what is reached: only the first, unchanged run has to. */
const counter = /\bstryCov_\w+\((?:"\d+"(?:, )?)+\)/g;

/** No test of the domain lets real time pass. */
const idleLimitMs = 1_000;
/** Many times what the slowest test takes. */
const testLimitMs = 10_000;

// A property is tried a few times for each mutant; that it is tried at all is what finds most of them.
process.env.MAILROOM_RUNS ??= '20';

/** What is most likely to find a mutant is tried first: the tests of its own file, then those beside it. */
const nearnessTo = (fileName) => {
  const file = fileName.replaceAll('\\', '/');
  const [own, folder] = [file.replace(/\.ts$/, '.test.ts'), file.slice(0, file.lastIndexOf('/') + 1)];
  return (testFile) =>
    own.endsWith(testFile) ? 2 : folder.endsWith(testFile.slice(0, testFile.lastIndexOf('/') + 1)) ? 1 : 0;
};

class Stuck extends Error {}

class BundledTestRunner {
  static inject = [];
  #namespace = (globalThis.__stryker__ ??= {});
  #require = createRequire(pathToFileURL(resolve('packages/domain/package.json')));
  /** Evaluates the script that counts what each test reaches, or the one that only runs. */
  #load;
  /** The tests as they were loaded, while no mutant has touched what loading makes; and how many mutants they have met. */
  #loaded = { tests: null, met: 0 };

  capabilities() {
    return { reloadEnvironment: true };
  }

  async init() {
    const root = process.cwd();
    const counting = `((require, module, exports, startFile) => {${await bundle(root)}\n})`;
    const scriptOf = (text) => new Script(text, { filename: join(root, 'tests.cjs') });
    const scripts = { counting: scriptOf(counting), running: scriptOf(counting.replaceAll(counter, '0')) };
    this.#load = (which) => {
      const { api, startFile, tests } = createSuite();
      const requireFor = (name) => (name === 'vitest' ? api : this.#require(name));
      const module = { exports: {} };
      scripts[which].runInThisContext()(requireFor, module, module.exports, startFile);
      return tests;
    };
    // A mutant may leave a promise behind that nobody waits for any more.
    process.on('unhandledRejection', () => undefined);
  }

  async dryRun() {
    this.#namespace.activeMutant = undefined;
    this.#namespace.mutantCoverage = undefined;
    const tests = await this.#run(this.#load('counting'), { bail: false });
    return { status: DryRunStatus.Complete, tests, mutantCoverage: this.#namespace.mutantCoverage };
  }

  async mutantRun({ testFilter, activeMutant, mutantActivation, reloadEnvironment, hitLimit }) {
    const ns = this.#namespace;
    ns.hitCount = 0;
    ns.hitLimit = hitLimit;
    const isStatic = mutantActivation === 'static';
    ns.activeMutant = isStatic ? activeMutant.id : undefined;
    let tests;
    try {
      tests = this.#testsFor(isStatic || reloadEnvironment);
    } catch (error) {
      // It cannot even be loaded: as with any runner, no test passes.
      return toMutantRunResult(completed([failed('load', 'load', error, 0)]));
    }
    ns.activeMutant = activeMutant.id;
    const wanted = testFilter === undefined ? tests : tests.filter(({ id }) => testFilter.includes(id));
    const near = nearnessTo(activeMutant.fileName);
    const ordered = wanted.toSorted(({ file: a }, { file: b }) => near(b) - near(a));
    const results = await this.#run(ordered, { bail: true });
    if (isStatic || results.some(({ isStuck }) => isStuck)) this.#loaded.tests = null;
    return toMutantRunResult(determineHitLimitReached(ns.hitCount, hitLimit) ?? completed(results));
  }

  /** A mutant that shows only while tests run may meet modules that others have met, but not for ever. */
  #testsFor(isFresh) {
    if (isFresh || this.#loaded.tests === null || this.#loaded.met >= 50) this.#loaded = { tests: null, met: 0 };
    this.#loaded.tests ??= this.#load('running');
    this.#loaded.met += 1;
    return this.#loaded.tests;
  }

  async #run(tests, { bail }) {
    const results = [];
    for (const { id, name, hooks, body } of tests) {
      const start = performance.now();
      this.#namespace.currentTestId = id;
      try {
        for (const hook of hooks) await hook();
        await within(body());
        results.push({ id, name, status: TestStatus.Success, timeSpentMs: performance.now() - start });
      } catch (error) {
        results.push(failed(id, name, error, performance.now() - start));
        // What it left behind may go on while the next mutant is tried.
        if (error instanceof Stuck) results.at(-1).isStuck = true;
        if (bail) break;
      } finally {
        this.#namespace.currentTestId = undefined;
      }
    }
    return results;
  }
}

/**
 * A test that waits for what never comes has failed: no test of the domain waits for anything outside of it. It is found
 * out when nothing is left that could go on, or nothing has been done for a while but to wait for a timer (the deadline
 * of a check that a mutant let hang); the limit is for what goes on for ever.
 */
const within = async (running) => {
  let look;
  const stuck = new Promise((_, reject) => {
    const start = performance.now();
    let busy = { at: start, until: performance.eventLoopUtilization() };
    look = setInterval(() => {
      const now = performance.now();
      const until = performance.eventLoopUtilization();
      if (performance.eventLoopUtilization(until, busy.until).active > 10) busy = { at: now, until };
      const canGoOn = process.getActiveResourcesInfo().some(isOfTest) && now - busy.at < idleLimitMs;
      if (!canGoOn) reject(new Stuck('waits for what never comes'));
      else if (now - start > testLimitMs) reject(new Stuck(`not done after ${testLimitMs} ms`));
    }, 20).unref();
  });
  try {
    await Promise.race([running, stuck]);
  } finally {
    clearInterval(look);
  }
};
/** Timers, immediates, files: all but the pipes to the process that gave the work. */
const isOfTest = (resource) => !/^(Pipe|TTY)/.test(resource);

const completed = (tests) => ({ status: DryRunStatus.Complete, tests });
const failed = (id, name, error, timeSpentMs) => ({
  id,
  name,
  status: TestStatus.Failed,
  failureMessage: String(error?.message ?? error),
  timeSpentMs,
});

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'bundled', BundledTestRunner)];
