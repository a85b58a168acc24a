const layer = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const domain = '^packages/domain/src/';
const outside = '(\\.test\\.ts$|^packages/domain/src/testing/)';
const aggregates = '(profile|settings|mailbox|test-run|alerts|alert-mail|account|address|audit|person)';

/** The layers of the domain, from the bottom up. Each may import only itself and those below it. */
const layers = [
  ['kernel', 'kernel'],
  ['values', 'kernel|values'],
  ['taxonomy', 'kernel|values|taxonomy'],
  ['policies', `kernel|values|taxonomy|policies|${aggregates.slice(1, -1)}`],
];

module.exports = {
  forbidden: [
    layer(
      'no-cycles',
      'A cycle means two modules are one.',
      {},
      { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    ),
    layer(
      'domain-knows-nobody',
      'The domain imports no adapter, no projection and no example.',
      { path: domain },
      { path: '^(packages/(adapters|projections)|examples|tools|benchmarks)/' },
    ),
    layer(
      'domain-no-node',
      'The domain has no I/O: no built-in module of Node.',
      { path: domain, pathNot: outside },
      { dependencyTypes: ['core'] },
    ),
    ...layers.map(([name, allowed]) =>
      layer(
        `layer-${name}`,
        `${name} imports only ${allowed}.`,
        { path: `${domain}${name}/`, pathNot: outside },
        { path: domain, pathNot: `${domain}(${allowed})/` },
      ),
    ),
    layer(
      'aggregates-are-strangers',
      'Aggregates meet in policies and use cases, never in each other.',
      { path: `${domain}${aggregates}/`, pathNot: outside },
      { path: `${domain}(${aggregates.slice(1, -1)}|policies|application)/`, pathNot: `${domain}$1/` },
    ),
    layer(
      'deciders-are-synchronous',
      'decide and evolve never wait.',
      { path: `${domain}${aggregates}/`, pathNot: outside },
      { path: 'fp-ts/lib/(TaskEither|ReaderTaskEither|Task)\\.' },
    ),
    layer(
      'adapters-know-the-domain-only',
      'An adapter imports the domain; those that connect to mail servers also mail-check, the SQLite stores also sqlite. Sandboxes serve tests.',
      { path: '^packages/adapters/([^/]+)/src', pathNot: '(\\.test\\.ts$|test-support)' },
      {
        path: '^packages/(adapters|projections)/',
        pathNot: '^packages/adapters/($1|mail-check|sqlite)/',
      },
    ),
    layer(
      'mail-check-serves-mail',
      'Only what connects to mail servers builds on mail-check.',
      { path: '^packages/adapters/(?!(mail-(check|smtp|imap|pop3)|alert-mail)/)' },
      { path: '^packages/adapters/mail-check/' },
    ),
    layer(
      'sqlite-serves-sqlite',
      'Only the two SQLite stores build on sqlite.',
      { path: '^packages/adapters/(?!(sqlite|event-store-sqlite|view-store-sqlite)/)' },
      { path: '^packages/adapters/sqlite/' },
    ),
    layer(
      'views-know-no-adapter',
      'Only host and command load adapters.',
      { path: '^packages/projections/src/(?!host/|cli/)', pathNot: '\\.test\\.ts$' },
      { path: '^packages/adapters/' },
    ),
    layer(
      'sandboxes-are-for-tests',
      'Sandboxes are imported by tests, benchmarks and examples only.',
      {
        path: '^packages/(domain|projections|adapters/(?!.*-sandbox/))',
        pathNot: '(\\.test\\.ts$|/src/testing/|test-support)',
      },
      { path: '^packages/adapters/(mail|eventstoredb)-sandbox/' },
    ),
    layer(
      'only-through-the-front-door',
      'Packages use each other through their exports.',
      { path: '^packages/(?:adapters/)?([^/]+)/' },
      {
        path: '^packages/(?:adapters/)?[^/]+/src/(?!index\\.ts|(testing|host|configuration|operations|real)/index\\.ts)',
        pathNot: '^packages/(?:adapters/)?$1/',
      },
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.base.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@mailroom/source', 'import', 'node', 'default'],
    },
  },
};
