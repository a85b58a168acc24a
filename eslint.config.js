import js from '@eslint/js';
import tseslint from 'typescript-eslint';
import noDiscardedEffect from './tools/eslint/no-discarded-effect.js';

/** The fp-ts modules this project uses (docs/fp-ts.md). Every further one is one more thing a newcomer must learn. */
const fpTsModules = ['Either', 'TaskEither', 'ReaderTaskEither', 'function'];

const fpTsPatterns = [
  { regex: '^fp-ts(?!/lib/)', message: 'Import fp-ts/lib/<Module>.js: the short form does not load in Node ESM.' },
  {
    regex: `^fp-ts/lib/(?!(${fpTsModules.join('|')})\\.js$)`,
    message: 'Not one of the fp-ts modules this project uses (docs/fp-ts.md).',
  },
];

export default tseslint.config(
  {
    ignores: [
      '**/dist/**',
      '**/node_modules/**',
      'coverage/**',
      'reports/**',
      '.stryker-tmp/**',
      '**/.mailroom/**',
      '**/*.js',
      '**/*.mjs',
      '**/*.cjs',
      'vitest.config.ts',
    ],
  },
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    plugins: { mailroom: { rules: { 'no-discarded-effect': noDiscardedEffect } } },
    rules: {
      'mailroom/no-discarded-effect': 'error',
      'no-restricted-imports': ['error', { patterns: fpTsPatterns }],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-invalid-void-type': 'off',
      // A parameterised reader of JSON states what its caller expects; there is nothing to infer it from.
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
    },
  },
  {
    // Aggregates are plain TypeScript: somebody who has never seen fp-ts can follow a decider top to bottom.
    files: ['packages/domain/src/{profile,settings,mailbox,test-run,alerts,address}/**/*.ts'],
    ignores: ['**/*.test.ts'],
    rules: {
      'no-restricted-imports': ['error', { patterns: [{ regex: '^fp-ts', message: 'Aggregates use no fp-ts.' }] }],
    },
  },
  {
    // The domain has no clock and no randomness: both come in with the command.
    files: ['packages/domain/src/**/*.ts'],
    ignores: ['**/*.test.ts', 'packages/domain/src/testing/**'],
    rules: {
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'The time comes in with the command, or through the Clock port.' },
        { object: 'Math', property: 'random', message: 'Randomness comes in through the Ids port.' },
      ],
    },
  },
  {
    files: ['**/*.test.ts', 'packages/domain/src/testing/**', 'benchmarks/**', 'tools/**'],
    rules: { '@typescript-eslint/no-non-null-assertion': 'off' },
  },
);
