/*
 * Where text becomes an id: what people and configuration write, what Azure answers, and what our own
 * database holds. Everything else works with values.
 */
const doors = [
  // People, programs and configuration.
  'src/api/http/**',
  'src/platform/config/**',
  'src/domain/plan/change.ts',
  // Azure's answers and events.
  'src/azure/**',
  'src/domain/consumers/consumerOfRow.ts',
  'src/inventory/rows/toRegistry.ts',
  'src/inventory/refresh/Events.ts',
  'src/domain/steps/registryUpdate.ts',
  // Our own rows.
  'src/inventory/rows/**',
  'src/inventory/refresh/QueueReader.ts',
  'src/changes/campaigns/request.ts',
  'src/changes/campaigns/rows.ts',
  'src/engine/rows.ts',
  'src/engine/OperationQueries.ts',
  'src/engine/changesOf.ts',
  'src/changes/plans/toPlan.ts',
  'src/domain/steps/step.ts',
];

const TIME =
  'Time is an argument: take a Sleep, a MonotonicClock, `now` or a due time. Only platform/time/realClock.ts has the real ones.';
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
  overrides: [
    {
      files: ['src/platform/time/realClock.ts'],
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
      files: ['src/azure/**', '**/*.test.ts'],
      rules: { '@typescript-eslint/no-restricted-imports': 'off' },
    },
  ],
  rules: {
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
