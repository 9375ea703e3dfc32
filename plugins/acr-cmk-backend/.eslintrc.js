/*
 * The layers of docs/architecture.md, top to bottom. A module imports from layers below its own,
 * or from a pure library; never from above.
 */
const layers = [
  { modules: ['http', 'actions'], name: 'the API' },
  { modules: ['campaigns'], name: 'campaigns' },
  {
    modules: [
      'registries',
      'plans',
      'operations',
      'fleet',
      'inventoryApi',
      'notifications',
      'doctor',
    ],
    name: 'services',
  },
  { modules: ['authority'], name: 'the gate' },
  { modules: ['operations/engine'], name: 'the engine' },
  { modules: ['inventory', 'catalog', 'telemetry'], name: 'the inventory' },
  { modules: ['cmk'], name: 'the domain rules' },
  { modules: ['steps'], name: 'kinds of steps' },
  { modules: ['config'], name: 'configuration' },
  { modules: ['azure', 'database', 'audit', 'signals'], name: 'adapters' },
];

/*
 * Globs throughout: the rule takes either globs or plain paths, not both. The service layer's
 * `operations/` holds the engine's folder, which is a layer of its own.
 */
const filesOf = module =>
  module === 'operations'
    ? ['./src/operations/*.ts', './src/operations/!(engine)/**']
    : [`./src/${module}/**`];
const filesOfAll = some =>
  some.flatMap(({ modules }) => modules).flatMap(filesOf);
const WIRING = ['./src/plugin.{ts,js}', './src/wiring/**'];

const downwards = layers.slice(1).flatMap((layer, index) => {
  const above = layers.slice(0, index + 1);
  return layer.modules.map(module => ({
    target: filesOf(module),
    from: [...filesOfAll(above), ...WIRING],
    message: `${module}/ belongs to ${
      layer.name
    }; it imports nothing from ${above.map(({ name }) => name).join(', ')}.`,
  }));
});

const adapters = layers[layers.length - 1];

/** Restrictions that the direction alone does not say. */
const apart = [
  {
    target: filesOf('cmk'),
    from: [...filesOfAll([adapters]), ...filesOf('config')],
    message:
      'cmk/ is pure: facts in, verdicts out. It imports nothing but acr-cmk-common and the builders of steps/, so that a rule can be tested with a table.',
  },
  ...['http', 'actions'].map(module => ({
    target: filesOf(module),
    from: filesOfAll(layers.slice(3)),
    message:
      'http/ and actions/ reach nothing but the services: a check in one of them only is a bug.',
  })),
  {
    target: filesOf('plans'),
    from: filesOf('operations'),
    message:
      'plans/ knows nothing of what becomes of a plan: operations/ stands on it.',
  },
  ...['azure', 'database', 'audit'].map(module => ({
    target: filesOf(module),
    from: adapters.modules
      .filter(other => other !== module && other !== 'database')
      .flatMap(filesOf),
    message: `${module}/ is an adapter of its own.`,
  })),
];

/*
 * Where text becomes an id: what people and configuration write, what Azure answers, and what our own
 * database holds. Everything else works with values.
 */
const doors = [
  // People, programs and configuration.
  'src/http/**',
  'src/config/**',
  'src/cmk/plan/change.ts',
  // Azure's answers and events.
  'src/azure/**',
  'src/inventory/rows/toRegistry.ts',
  'src/inventory/sync/Events.ts',
  'src/steps/registryUpdate.ts',
  // Our own rows.
  'src/inventory/rows/**',
  'src/inventory/sync/DirtyReader.ts',
  'src/campaigns/request.ts',
  'src/campaigns/rows.ts',
  'src/operations/engine/rows.ts',
  'src/operations/engine/OperationQueries.ts',
  'src/operations/engine/changesOf.ts',
  'src/plans/toPlan.ts',
  'src/steps/step.ts',
];

const TIME =
  'Time is an argument: take a Sleep, a MonotonicClock, `now` or a due time. Only time/realClock.ts has the real ones.';
const timers = ['timers', 'timers/promises'].flatMap(name =>
  [name, `node:${name}`].map(each => ({
    name: each,
    importNames: ['setTimeout', 'setInterval'],
    message: TIME,
  })),
);
const clocks = [
  // `const { now } = Date` as well.
  ...['Date', 'performance'].flatMap(object => [
    `MemberExpression[object.name='${object}'][property.name='now']`,
    `VariableDeclarator[init.name='${object}']`,
  ]),
  "NewExpression[callee.name='Date'][arguments.length=0]",
  "CallExpression[callee.name='Date']",
  "MemberExpression[object.name='process'][property.name='hrtime']",
  // `globalThis.setTimeout`, or of a default import.
  'MemberExpression[property.name=/^set(Timeout|Interval)$/]',
].map(selector => ({ selector, message: TIME }));

module.exports = require('../../scripts/lib/eslintConfig.cjs')(__dirname, {
  restrictedSrcImports: timers,
  restrictedSrcSyntax: clocks,
  // Without it the rule resolves no TypeScript file and allows every import.
  settings: {
    'import/resolver': { node: { extensions: ['.ts', '.tsx', '.js'] } },
  },
  overrides: [
    {
      files: ['src/time/realClock.ts'],
      rules: { 'no-restricted-imports': 'off', 'no-restricted-syntax': 'off' },
    },
    {
      // The time limit of a call to Azure is real time, as the network is.
      files: ['src/azure/transport/call.ts', '**/*.test.ts'],
      rules: { 'no-restricted-globals': 'off' },
    },
    {
      files: [...doors, '**/*.test.ts', '**/__testUtils__/**'],
      rules: { 'no-restricted-properties': 'off' },
    },
    {
      // `itEmulatorOnly` is an `it` with a reason.
      files: ['**/*.wire.test.ts'],
      rules: {
        'jest/no-standalone-expect': [
          'error',
          {
            additionalTestBlockFunctions: [
              'clock',
              'faults',
              'lock',
              'rights',
              'size',
              'world',
            ].flatMap(why => [
              `itEmulatorOnly.${why}`,
              `itEmulatorOnly.${why}.each`,
            ]),
          },
        ],
      },
    },
    {
      // A test sets its world up with whatever layer it needs.
      files: ['**/*.test.ts'],
      rules: { 'import/no-restricted-paths': 'off' },
    },
    {
      files: ['src/azure/**', '**/*.test.ts'],
      rules: { '@typescript-eslint/no-restricted-imports': 'off' },
    },
  ],
  rules: {
    'import/no-restricted-paths': [
      'error',
      { basePath: __dirname, zones: [...downwards, ...apart] },
    ],
    '@typescript-eslint/no-restricted-imports': [
      'error',
      {
        patterns: [
          {
            group: ['@azure/*'],
            message:
              'Only azure/ speaks to Azure: take a port, so that every call keeps to the limits and is recorded.',
          },
        ],
      },
    ],
    'no-restricted-properties': [
      'error',
      ...['RegistryId', 'KeyIdentifier'].flatMap(object =>
        ['parse', 'tryParse'].map(property => ({
          object,
          property,
          message:
            'Ids are parsed at the door and stay values: take a value. The doors are listed in .eslintrc.js.',
        })),
      ),
    ],
    'no-restricted-globals': [
      'error',
      ...['setTimeout', 'setInterval'].map(name => ({
        name,
        message: TIME,
      })),
    ],
  },
});
