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
 * In kilobytes (1000 bytes) of gzip. `eager`: what every page loads, that is the overview card and the names
 * of what can be loaded later. A view: what it loads in addition before it shows anything; `page` is the list
 * of registries. `all`: everything.
 */
const LIMITS = {
  eager: 11,
  tab: 43,
  page: 18,
  campaigns: 40,
  'all pages': 32,
  all: 110,
};

/** Modules that views begin with, by the beginning of the name of their chunk. */
const VIEWS = {
  tab: ['EncryptionTab-'],
  page: ['FleetRegistries-'],
  campaigns: ['Campaigns-'],
  'all pages': [
    'FleetRegistries-',
    'FleetKeys-',
    'FleetCalendar-',
    'FleetWaiting-',
    'InstallationCheck-',
  ],
};

/** Modules that a portal has because of this plugin alone. */
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
    // Only the runtime code of the common package that is used: sideEffects lets its API document go.
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
  const contents = new Map(
    outputFiles.map(file => [file.path.split('/').pop(), file.contents]),
  );
  const outputs = Object.fromEntries(
    Object.entries(metafile.outputs).map(([path, output]) => [
      path.split('/').pop(),
      output,
    ]),
  );
  return { contents, outputs };
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

/** Size of chunks that are loaded together, which a portal's own build puts into few files. */
const sizeOf = (contents, names) =>
  gzipSync(Buffer.concat(names.map(name => contents.get(name))), { level: 9 })
    .length / 1000;

const { contents, outputs } = await bundle('../src/index.ts');
const names = [...contents.keys()];
const eager = staticallyFrom(outputs, 'index.js');
const view = starts => {
  const found = new Set(eager);
  for (const start of starts) {
    staticallyFrom(
      outputs,
      names.find(name => name.startsWith(start)),
      found,
    );
  }
  return [...found].filter(name => !eager.has(name));
};
const parts = {
  eager: [...eager],
  ...Object.fromEntries(
    Object.entries(VIEWS).map(([what, starts]) => [what, view(starts)]),
  ),
  all: names,
};

/** A chunk that several share has no name: it is named by the largest module in it. */
function titleOf(name) {
  const [[largest] = [name]] = Object.entries(outputs[name].inputs).sort(
    ([, one], [, other]) => other.bytesInOutput - one.bytesInOutput,
  );
  return `${name} (${largest.split('/').slice(-2).join('/')})`;
}

const sorted = names
  .map(name => ({ name, size: sizeOf(contents, [name]) }))
  .sort((one, other) => other.size - one.size);
for (const { name, size } of sorted) {
  const loadedBy = Object.keys(parts).find(part => parts[part].includes(name));
  console.log(
    `${size.toFixed(1).padStart(6)} kB  ${loadedBy.padEnd(9)}  ${titleOf(
      name,
    )}`,
  );
}
for (const [what, chunks] of Object.entries(parts)) {
  const size = sizeOf(contents, chunks);
  const ok = size <= LIMITS[what];
  console.log(
    `${ok ? '✓' : '✗'} ${what}: ${size.toFixed(1)} kB gzip, at most ${
      LIMITS[what]
    } kB`,
  );
  if (!ok) process.exitCode = 1;
}
