/*
 * The layers of docs/architecture.md, top to bottom. A module imports from layers below its own,
 * or from a pure library; never from above.
 */
const layers = [
  { modules: ['http', 'actions'], name: 'ways in' },
  { modules: ['registries', 'plans', 'operations', 'fleet'], name: 'services' },
  { modules: ['authority'], name: 'the gate' },
  { modules: ['operations/engine'], name: 'the engine' },
  { modules: ['inventory', 'catalog'], name: 'knowledge' },
  { modules: ['cmk'], name: 'judgement' },
  { modules: ['steps'], name: 'kinds of steps' },
  {
    modules: ['azure', 'database', 'audit', 'notifications'],
    name: 'adapters',
  },
];

const path = module => `./src/${module}/**`;
const modulesOf = some => some.flatMap(({ modules }) => modules);
/** The service layer's `operations/` holds the engine's folder, which is a layer of its own. */
const within = module =>
  module === 'operations' ? './src/operations/!(engine)/**' : path(module);

const downwards = layers.slice(1).map((layer, index) => {
  const above = layers.slice(0, index + 1);
  return layer.modules.map(module => ({
    target: within(module),
    from: [...modulesOf(above).map(within), './src/plugin.ts*'],
    message: `${module}/ belongs to ${
      layer.name
    }; it imports nothing from ${above.map(({ name }) => name).join(', ')}.`,
  }));
});

/** What the direction alone does not say. */
const apart = [
  {
    target: path('cmk'),
    from: [...modulesOf(layers.slice(7)).map(path), './src/config.ts*'],
    message:
      'cmk/ is pure: facts in, judgement out. It imports nothing but acr-cmk-common and the builders of steps/, so that a rule can be tested with a table.',
  },
  ...['http', 'actions'].map(module => ({
    target: path(module),
    from: [...modulesOf(layers.slice(2)).map(path), './src/config.ts*'],
    message:
      'A way in reaches nothing but the services: a check that stands in one way in only is a bug.',
  })),
  ...['azure', 'database', 'audit'].map(module => ({
    target: path(module),
    from: modulesOf(layers.slice(7))
      .filter(other => other !== module && other !== 'database')
      .map(path),
    message: `${module}/ is an adapter of its own.`,
  })),
];

module.exports = require('@backstage/cli/config/eslint-factory')(__dirname, {
  // Without it the rule resolves no TypeScript file and allows every import.
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
      { basePath: __dirname, zones: [...downwards.flat(), ...apart] },
    ],
    'no-restricted-globals': [
      'error',
      ...['setTimeout', 'setInterval'].map(name => ({
        name,
        message: 'Time is an argument: take a Pause or a due time.',
      })),
    ],
  },
});
