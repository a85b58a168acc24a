import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests use the sources of every package: nothing has to be built first.
  ssr: { resolve: { conditions: ['@mailroom/source', 'node'] } },
  test: {
    include: ['packages/**/src/**/*.test.ts', 'examples/**/src/**/*.test.ts', 'tools/**/*.test.ts'],
    // Files of one worker share the modules they load: loading them anew for each file took longer than the tests.
    isolate: false,
    maxWorkers: '100%',
    // Random tests in their full size (MAILROOM_SIZE=full) take as long as they take.
    testTimeout: process.env['MAILROOM_SIZE'] === 'full' ? 3_600_000 : 30_000,
    hookTimeout: 60_000,
  },
});
