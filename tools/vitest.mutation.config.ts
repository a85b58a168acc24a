import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Quick tests that look at much, first. A mutant in what is built once when a module loads is tried against every test
 * until one fails, so most of the time of a run depends on this order.
 */
const first = ['/tools/docs/', '/events.test.ts', '/sentences.test.ts', '/taxonomy.test.ts', '/mailbox/', '/profile/'];
/** Many repetitions, last. */
const last = ['laws.test.ts', '/compile-codec.test.ts', '/policies/', '/carry-out/'];

class QuickestFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const late = last.findIndex((part) => moduleId.includes(part));
      if (late >= 0) return 100 + late;
      const early = first.findIndex((part) => moduleId.includes(part));
      return early >= 0 ? early : 50;
    };
    return Promise.resolve(files.toSorted((a, b) => rank(a) - rank(b) || a.moduleId.localeCompare(b.moduleId)));
  }
}

/** The tests that mutants of the domain are tried against: its own, and those of the pages that publish its contract. */
export default defineConfig({
  // Stryker works on a copy, whose links still lead to the original.
  resolve: {
    alias: { '@mailroom/domain': fileURLToPath(new URL('../packages/domain/src/index.ts', import.meta.url)) },
  },
  test: {
    include: ['packages/domain/src/**/*.test.ts', 'tools/docs/domain-pages.test.ts'],
    // The tools that the domain exports for tests are no part of what is mutated.
    exclude: ['packages/domain/src/testing/**'],
    isolate: false,
    sequence: { sequencer: QuickestFirst },
    testTimeout: 30_000,
  },
});
