// For the tests of frontends (`globalSetup` of Jest): libraries of very many files, each as one file. Jest finds,
// reads and runs every file anew for each test file, and these were half of the seven thousand.
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

/** They use one another, so they are in one bundle. `moduleNameMapper` leads to them by these names. */
const LIBRARIES = [
  '@backstage/ui',
  '@remixicon/react',
  'react-aria',
  'react-aria-components',
  'react-stately',
];

/** Where there may be only one, for everybody. */
const SHARED =
  /^(react|react-dom|react-router|react-router-dom|@backstage\/[\w-]+)(\/|$)/;

const root = join(__dirname, '../../..');
const folder = join(root, 'node_modules/.cache/acr-cmk/bundled-for-tests');

/** What the bundle is made of; it is made again when this changes. */
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
    // What puts styles into the page; the tests have something else in its place.
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
    // Whole or not at all: another run may be reading.
    writeFileSync(`${path}.${process.pid}`, text);
    renameSync(`${path}.${process.pid}`, path);
  };
  put(join(folder, 'bundle.js'), outputFiles[0].text);
  LIBRARIES.forEach((name, i) =>
    put(
      join(folder, `${name}.js`),
      `module.exports = Object.defineProperty(require('${join(folder, 'bundle.js')}').library${i}, '__esModule', { value: true });\n`,
    ),
  );
  put(stamp, madeOf);
};
