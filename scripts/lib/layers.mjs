/**
 * Layers of the backend, top to bottom, as in docs/architecture.md. A module imports from its own layer and from layers
 * below. A file belongs to the module with the longest matching path.
 */
export const LAYERS = [
  { name: 'the wiring', modules: ['plugin.ts', 'index.ts', 'wiring'] },
  { name: 'the API', modules: ['api/http', 'api/actions'] },
  { name: 'campaigns', modules: ['changes/campaigns'] },
  {
    name: 'services',
    modules: ['registries', 'changes/operations', 'notifications', 'doctor'],
  },
  { name: 'plans', modules: ['changes/plans'] },
  { name: 'the gate', modules: ['changes/gate', 'changes/mayRead.ts'] },
  { name: 'the engine', modules: ['engine'] },
  { name: 'the refresh of the inventory', modules: ['inventory/refresh'] },
  {
    name: 'the inventory',
    modules: ['inventory', 'inventory/read', 'catalog'],
  },
  { name: 'rows of the inventory', modules: ['inventory/rows'] },
  {
    name: 'the context',
    modules: ['platform/context.ts', 'platform/telemetry'],
  },
  { name: 'the domain rules', modules: ['domain'] },
  { name: 'kinds of steps', modules: ['domain/steps'] },
  { name: 'configuration', modules: ['platform/config'] },
  {
    name: 'adapters',
    modules: ['azure', 'platform/audit', 'platform/signals'],
  },
  { name: 'the database', modules: ['platform/database'] },
  { name: 'time', modules: ['platform', 'platform/time'] },
];

/** Modules that may import from the modules in `only` alone. */
export const APART = [
  {
    module: 'domain',
    only: ['domain', 'domain/steps'],
    why: 'domain/ is pure: facts in, verdicts out, so that a rule can be tested with a table.',
  },
  ...['api/http', 'api/actions'].map(module => ({
    module,
    only: [
      'api/http',
      'api/actions',
      'changes/campaigns',
      'registries',
      'changes/operations',
      'changes/plans',
      'doctor',
      'platform',
      'platform/time',
    ],
    why: 'The API reaches nothing but the services: a check in one way in only is a bug.',
  })),
  ...['azure', 'platform/audit', 'platform/signals'].map(module => ({
    module,
    only: [module, 'platform', 'platform/database', 'platform/time'],
    why: `${module}/ is an adapter of its own.`,
  })),
];

const ORDER = new Map(
  LAYERS.flatMap(({ modules }, index) =>
    modules.map(module => [module, index]),
  ),
);

/** Module of a file, whose path is relative to `src`; undefined in no module. */
function moduleOf(path) {
  return [...ORDER.keys()]
    .filter(module => path === module || path.startsWith(`${module}/`))
    .sort((a, b) => b.length - a.length)[0];
}

/** Sentence about an import that the layers forbid; undefined where it is allowed. Paths are relative to `src`. */
export function layerViolation(file, imported) {
  const [from, to] = [moduleOf(file), moduleOf(imported)];
  for (const [path, module] of [
    [file, from],
    [imported, to],
  ]) {
    if (!module) {
      return `${path} is in no layer. Add its folder to scripts/lib/layers.mjs.`;
    }
  }
  if (ORDER.get(to) < ORDER.get(from)) {
    return `${file} imports ${imported}, which is a layer above (${LAYERS[ORDER.get(to)].name}).`;
  }
  const apart = APART.find(
    ({ module, only }) => module === from && !only.includes(to),
  );
  return apart && `${file} imports ${imported}. ${apart.why}`;
}
