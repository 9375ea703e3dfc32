// `yarn workspace backstage-plugin-acr-cmk size`: how much JavaScript of our own a browser loads.
//
// Bundles the plugin's source as an app would, minified and split at every `import()`, without the
// dependencies that every portal has anyway. Ends with 1
// when a limit is exceeded. Run by hand and in review; it needs no build before it.
/* eslint-disable no-console -- what a command has to say */
import { build } from 'esbuild';
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';

/**
 * In kilobytes (1000 bytes) of gzip. Eager is what every page loads: the overview card, and the
 * names of what can be loaded later, the home page's card, the template fields and the German texts among
 * them.
 */
const LIMITS = { eager: 11, all: 90 };

/** What a portal has because of this plugin alone. */
const own = /^(\.|\/|backstage-plugin-acr-cmk-common$|eventsource-parser$)/;

async function bundle(entry) {
  const { metafile, outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, import.meta.url))],
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    outdir: 'out',
    write: false,
    metafile: true,
    jsx: 'automatic',
    // What runtime code of the common package is used; its API document is not, and sideEffects says so.
    plugins: [
      {
        name: 'leave-dependencies-out',
        setup({ onResolve }) {
          onResolve({ filter: /.*/ }, ({ path, kind }) =>
            kind !== 'entry-point' && !own.test(path)
              ? { path, external: true }
              : undefined,
          );
        },
      },
    ],
  });
  const gzip = new Map(
    outputFiles.map(({ path, contents }) => [
      path.split('/').pop(),
      gzipSync(contents, { level: 9 }).length,
    ]),
  );
  const outputs = Object.fromEntries(
    Object.entries(metafile.outputs).map(([path, output]) => [
      path.split('/').pop(),
      output,
    ]),
  );
  return { gzip, outputs };
}

/** The chunk with everything that it imports at once. */
function staticallyFrom(outputs, name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const { path, kind, external } of outputs[name].imports) {
    if (!external && kind === 'import-statement') {
      staticallyFrom(outputs, path.split('/').pop(), found);
    }
  }
  return found;
}

const { gzip, outputs } = await bundle('../src/index.ts');
const names = [...gzip.keys()];
const eager = staticallyFrom(outputs, 'index.js');
const sum = chunks =>
  chunks.reduce((total, name) => total + gzip.get(name), 0) / 1000;
const sizes = { eager: sum([...eager]), all: sum(names) };

for (const name of names.sort((a, b) => gzip.get(b) - gzip.get(a))) {
  console.log(
    `${(gzip.get(name) / 1000).toFixed(1).padStart(6)} kB  ${
      eager.has(name) ? 'eager' : 'lazy '
    }  ${name}`,
  );
}
for (const [what, size] of Object.entries(sizes)) {
  const ok = size <= LIMITS[what];
  console.log(
    `${ok ? '✓' : '✗'} ${what}: ${size.toFixed(1)} kB gzip, at most ${
      LIMITS[what]
    } kB`,
  );
  if (!ok) process.exitCode = 1;
}
