// Jest's `globalSetup` for frontends: bundles libraries of very many files. Jest resolves and reads each file, and
// these were half of seven thousand.
const { createHash } = require('node:crypto');
const {
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} = require('node:fs');
const { dirname, join } = require('node:path');
const { build, version } = require('esbuild');

/** Libraries that import each other, and so share a bundle. `moduleNameMapper` maps their names to it. */
const LIBRARIES = [
  '@backstage/ui',
  '@remixicon/react',
  'react-aria',
  'react-aria-components',
  'react-stately',
];

/** Singletons, which stay outside of the bundle. */
const SHARED =
  /^(react|react-dom|react-router|react-router-dom|@backstage\/[\w-]+)(\/|$)/;

const root = join(__dirname, '../../..');
const folder = join(root, 'node_modules/.cache/acr-cmk/bundled-for-tests');

/** Hash of the inputs of the bundle, which is rebuilt when it changes. */
function fingerprint() {
  const hash = createHash('sha256').update(version);
  for (const path of [__filename, join(root, 'yarn.lock')]) {
    hash.update(readFileSync(path));
  }
  return hash.digest('hex');
}

const sharedStaysOutside = {
  name: 'shared stays outside',
  setup({ onResolve }) {
    onResolve({ filter: SHARED }, ({ path }) =>
      LIBRARIES.includes(path) ? undefined : { path, external: true },
    );
    // Inserts styles into the page. Tests map it to an empty module.
    onResolve({ filter: /\/style-inject\.es\.esm\.js$/ }, ({ path }) => ({
      path,
      external: true,
    }));
  },
};

module.exports = async function bundleForTests() {
  const stamp = join(folder, 'made-of');
  const madeOf = fingerprint();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === madeOf) return;
  const { outputFiles } = await build({
    stdin: {
      contents: LIBRARIES.map(
        (name, i) => `export * as library${i} from '${name}';`,
      ).join('\n'),
      resolveDir: root,
    },
    bundle: true,
    write: false,
    format: 'cjs',
    platform: 'browser',
    target: 'es2022',
    plugins: [sharedStaysOutside],
  });
  const put = (path, text) => {
    mkdirSync(dirname(path), { recursive: true });
    // Atomic: another run may be reading.
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  };
  put(join(folder, 'bundle.js'), outputFiles[0].text);
  LIBRARIES.forEach((name, i) =>
    put(
      join(folder, `${name}.js`),
      `module.exports = Object.defineProperty(require('./${'../'.repeat(name.split('/').length - 1)}bundle.js').library${i}, '__esModule', { value: true });\n`,
    ),
  );
  put(stamp, madeOf);
};
