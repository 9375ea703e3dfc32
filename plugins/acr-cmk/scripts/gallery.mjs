// The gallery of dev/ as a portal would serve it: minified, with React's production build, and without
// the tools of a development server. For what measures it or takes pictures of it; people who work on
// the plugin want `yarn workspace backstage-plugin-acr-cmk start`.
import { build } from 'esbuild';
import { createServer } from 'node:http';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};

function configFor(url) {
  return [
    {
      context: 'gallery',
      data: {
        app: {
          title: 'acr-cmk, every state',
          baseUrl: url,
        },
        backend: { baseUrl: url },
      },
    },
  ];
}

/** esbuild gives a lazily loaded CommonJS module no named exports; the app imports this one. */
const namedCreateRoot = {
  name: 'named-create-root',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^react-dom\/client$/ }, ({ path, kind, resolveDir }) =>
      kind === 'dynamic-import'
        ? { path, namespace: 'named', pluginData: resolveDir }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'named' }, ({ pluginData }) => ({
      contents: "export { createRoot } from 'react-dom/client';",
      resolveDir: pluginData,
    }));
  },
};

async function bundle(url) {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL('../dev/index.tsx', import.meta.url))],
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    outdir: '/',
    write: false,
    jsx: 'automatic',
    logLevel: 'error',
    plugins: [namedCreateRoot],
    loader: { '.svg': 'dataurl', '.png': 'dataurl', '.woff2': 'dataurl' },
    define: {
      'process.env.NODE_ENV': '"production"',
      'process.env.HAS_REACT_DOM_CLIENT': 'true',
      'process.env.APP_CONFIG': JSON.stringify(configFor(url)),
      'process.env': '{}',
    },
  });
  return new Map(
    outputFiles.map(({ path, contents }) => [
      path.replace(/^.*[\\/]/, '/'),
      contents,
    ]),
  );
}

/** The page, with all styles: a portal, too, has them before it draws anything. */
function pageFor(files) {
  const styles = [...files.keys()]
    .filter(path => path.endsWith('.css'))
    .map(path => `<link rel="stylesheet" href="${path}">`)
    .join('');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Gallery</title>${styles}</head><body><div id="root"></div><script type="module" src="/index.js"></script></body></html>`;
}

/**
 * Builds the gallery and serves it on a free port of this machine.
 *
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
export async function startGallery() {
  const files = new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    // Every other path is a page of the app.
    const path = files.has(pathname) ? pathname : '/index.html';
    response.writeHead(200, { 'content-type': TYPES[extname(path)] });
    response.end(files.get(path));
  });
  await new Promise(resolve => {
    server.listen(0, 'localhost', resolve);
  });
  const url = `http://localhost:${server.address().port}`;
  for (const [path, contents] of await bundle(url)) files.set(path, contents);
  files.set('/index.html', pageFor(files));
  return {
    url,
    stop: () =>
      new Promise(resolve => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
