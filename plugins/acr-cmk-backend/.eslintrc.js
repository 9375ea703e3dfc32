/*
 * The walls of the house (docs/architecture.md): imports point down the road entity → registry →
 * facts → state → plan → operation → evidence, or to a pure library.
 */
const rooms = [
  'actions',
  'audit',
  'azure',
  'catalog',
  'cmk',
  'database',
  'http',
  'inventory',
  'operations',
];
const except = (...allowed) =>
  rooms.filter(room => !allowed.includes(room)).map(room => `./src/${room}`);

const wall = (room, allowed, message) => ({
  target: `./src/${room}`,
  from: [...except(room, ...allowed), './src/plugin.ts'],
  message,
});

const onlyThroughTheDoor = {
  from: [...except('http', 'actions'), './src/plugin.ts', './src/config.ts'],
  message:
    'An adapter reaches nothing but AcrCmkService: a check that stands in one adapter only is a bug.',
};

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  // Without it the rule resolves no TypeScript file, and no wall stands.
  settings: {
    'import/resolver': { node: { extensions: ['.ts', '.tsx', '.js'] } },
  },
  overrides: [
    {
      // The time limit of a call to Azure is real time, as the network is.
      files: ['src/azure/call.ts', '**/*.test.ts'],
      rules: { 'no-restricted-globals': 'off' },
    },
  ],
  rules: {
    'import/no-restricted-paths': [
      'error',
      {
        basePath: __dirname,
        zones: [
          {
            ...wall(
              'cmk',
              [],
              'cmk/ is pure: facts in, judgement out. It imports nothing but acr-cmk-common, so that a rule can be tested with a table.',
            ),
            from: [
              ...except('cmk'),
              './src/plugin.ts',
              './src/config.ts',
              './src/AcrCmkService.ts',
            ],
          },
          wall(
            'azure',
            [],
            'azure/ speaks to Azure and knows nothing of what for.',
          ),
          wall(
            'inventory',
            ['azure', 'cmk', 'database'],
            'inventory/ keeps facts; it does not act.',
          ),
          wall('catalog', [], 'catalog/ joins entities and registries only.'),
          wall(
            'audit',
            ['cmk', 'database'],
            'audit/ records; it decides nothing.',
          ),
          wall('database', [], 'database/ is the clock and the tables.'),
          wall(
            'operations',
            ['audit', 'azure', 'cmk', 'database', 'inventory'],
            'operations/ carries plans out; it knows no adapter and no catalog.',
          ),
          { target: './src/http', ...onlyThroughTheDoor },
          { target: './src/actions', ...onlyThroughTheDoor },
          {
            target: './src/AcrCmkService.ts',
            from: ['./src/http', './src/actions', './src/plugin.ts'],
            message: 'The service does not know who calls it.',
          },
        ],
      },
    ],
    'no-restricted-globals': [
      'error',
      {
        name: 'setTimeout',
        message: 'Time is an argument: take a Sleep or a due time.',
      },
      {
        name: 'setInterval',
        message: 'Time is an argument: take a Sleep or a due time.',
      },
    ],
  },
});
