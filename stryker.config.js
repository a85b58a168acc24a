// Mutation testing of the domain (`npm run mutation`): does a test fail when a line of it says something else?
// Every mutant counts, also those in sentences and in what is built once when a module loads.
export default {
  plugins: ['./tools/mutation/bundled-runner.js'],
  testRunner: 'bundled',
  mutate: [
    'packages/domain/src/**/*.ts',
    '!packages/domain/src/testing/**',
    '!packages/domain/src/**/index.ts',
    '!packages/domain/src/**/*.test.ts',
  ],
  coverageAnalysis: 'perTest',
  ignoreStatic: false,
  concurrency: 2,
  // A busy machine must not make a mutant look killed.
  timeoutMS: 15_000,
  reporters: ['clear-text', 'json', 'html', 'progress'],
  clearTextReporter: { logTests: false, reportTests: false, reportMutants: false },
  thresholds: { high: 90, low: 85, break: 85 },
  // Only what the tests of the domain read is copied.
  ignorePatterns: ['/*', '!/packages', '/packages/*', '!/packages/domain', '!/tools', '!/docs', 'dist'],
  tempDirName: '.stryker-tmp',
};
