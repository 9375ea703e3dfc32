// The two processes of the demo and of the browser tests: the emulated Azure and the backend.
// Separate processes, so that Azure survives a killed backend.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { inRoot } from './paths.mjs';
import { startNode, until } from './child.mjs';

/** Time until the first answer. A cold machine needs about 15 s. */
const BACKEND_START_MS = 180_000;
const EMULATOR_START_MS = 60_000;
/** Time for the catalog to process ten thousand entities on a slow machine. */
const FLEET_MS = 30 * 60_000;
/** Time for a running task to end. */
const TRIGGER_MS = 5 * 60_000;

/** Databases of other plugins with frequent writes. */
const OTHER_DATABASES = ['auth', 'catalog', 'notifications', 'scaffolder'];

/** Entity of examples/entities.yaml. Once it is in the catalog, the others nearly are. */
const WITNESS = 'resource/default/shop-images';

/** Worlds besides the usual demo: arguments of the emulator, and their file of app-config. */
export const WORLDS = {
  'us-government': {
    flags: ['--cloud', 'usGovernment'],
    config: 'examples/worlds/us-government.app-config.yaml',
  },
  'managed-hsm': {
    world: 'demo-hsm',
    config: 'examples/worlds/managed-hsm.app-config.yaml',
    entity: 'hsm-images',
  },
};

/** User of app-config.yaml for requests to the catalog. */
const WITNESS_USER = 'priya';

/**
 * Starts the emulator and waits for the line of JSON that it prints when it is ready. Returns the process and that
 * line: proxy, caFile, tenantId, principals…
 */
export async function startEmulator({
  env,
  log,
  dataDirectory,
  port,
  world = 'demo',
  flags = [],
  reloads,
}) {
  let azure;
  const child = startNode({
    reloads,
    args: [
      inRoot('packages/azure-emulator/bin/azure-emulator'),
      '--world',
      world,
      '--port',
      String(port),
      '--data',
      dataDirectory,
      ...flags,
    ],
    cwd: inRoot(),
    env,
    log,
    onLine: line => {
      if (!azure && line.startsWith('{')) {
        azure = JSON.parse(line);
      }
    },
  });
  try {
    await until(async () => azure, {
      process: child,
      what: 'the emulator did not start',
      timeoutMs: EMULATOR_START_MS,
      everyMs: 50,
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { child, azure };
}

/** Management group above all subscriptions of the demo world. */
const CONTOSO = '/providers/Microsoft.Management/managementGroups/contoso';

/** Settings of app-config, by path, for a portal with the fleet of a world `demo-fleet:N`. */
export function fleetSettings({ proxy }) {
  return {
    acrCmk_scopes: [CONTOSO],
    demo_fleet: new URL('/registries', proxy).href,
    // By default the catalog processes each entity every two minutes. With twenty thousand, the thread that also
    // serves the portal would do nothing else.
    catalog_processingInterval: '30m',
    catalog_providers_acrCmk_schedule_frequency_minutes: 10,
    catalog_providers_acrCmk_schedule_timeout_minutes: 5,
  };
}

/**
 * Loads the entities of a fleet into the catalog, waits for them, and starts the tasks that offer the others and that
 * link them to their registries, which would run by themselves within minutes.
 */
export async function fillCatalog(url, { azure, process }) {
  const answer = await fetch(new URL('/registries', azure.proxy));
  const registries = await answer.json();
  const owned = registries.filter(
    ({ tags }) => tags.owner && tags['backstage-entity-ref'],
  );
  await triggerWhenIdle(url, {
    process,
    of: { plugin: 'catalog', task: 'demo-fleet' },
  });
  await until(async () => (await countOfFleet(url)) >= owned.length, {
    process,
    what: 'the catalog did not process the entities of the fleet',
    timeoutMs: FLEET_MS,
  });
  // What it offered before the catalog had the fleet's entities is removed now, and not at its next run.
  await triggerWhenIdle(url, {
    process,
    of: { plugin: 'catalog', task: 'acr-cmk-catalog' },
  });
  await triggerWhenIdle(url, {
    process,
    of: { plugin: 'acr-cmk', task: 'acr-cmk-links' },
  });
}

/** Waits for an earlier run, which may have missed recent data, and starts the task. */
async function triggerWhenIdle(url, { process, of }) {
  await until(
    async () => {
      await triggerTask(url, of);
      return true;
    },
    { process, what: `${of.task} did not start`, timeoutMs: TRIGGER_MS },
  );
}

/** Counts the entities of the fleet that the catalog has linked to their owners. */
async function countOfFleet(url) {
  const query = new URLSearchParams({
    limit: '0',
    filter:
      'kind=resource,relations.ownedBy,metadata.annotations.backstage.io/managed-by-location=demo-fleet:embedded-azure',
  });
  const response = await fetch(
    `${url}/api/catalog/entities/by-query?${query}`,
    { headers: await headersOf(WITNESS_USER, url) },
  );
  return (await response.json()).totalItems;
}

/** Starts a scheduled task now. Fails while it is running; does not wait for its end. */
export async function triggerTask(url, { plugin, task }) {
  const response = await fetch(
    `${url}/api/${plugin}/.backstage/scheduler/v1/tasks/${task}/trigger`,
    { method: 'POST', headers: await headersOf(WITNESS_USER, url) },
  );
  if (!response.ok) {
    throw new Error(`${response.status} ${await response.text()}`);
  }
}

async function headersOf(user, url) {
  return { authorization: `Bearer ${await demoToken(url, user)}` };
}

/** Environment of a backend for its Azure: proxy, authority and credentials. */
function azureEnvironment({ proxy, caFile, tenantId, principals }) {
  const credentials = (role, { clientId, clientSecret }) => ({
    [`ACR_CMK_${role}_CLIENT_ID`]: clientId,
    [`ACR_CMK_${role}_CLIENT_SECRET`]: clientSecret,
  });
  return {
    HTTPS_PROXY: proxy,
    NO_PROXY: 'localhost,127.0.0.1',
    NODE_EXTRA_CA_CERTS: caFile,
    AZURE_TENANT_ID: tenantId,
    ...credentials('READ', principals.reader),
    ...credentials('ROTATE', principals.rotator),
    ...credentials('REVOKE', principals.revoker),
    ...credentials('PROVISION', principals.provisioner),
  };
}

/** Starts the backend, which also serves the app, and waits until a person can sign in. */
export async function startBackend({
  env,
  log,
  azure,
  port,
  databaseDirectory,
  appUrl,
  settings = {},
  config,
  reloads,
}) {
  const url = `http://localhost:${port}`;
  const setting = (path, value) => ({
    [`APP_CONFIG_${path}`]: JSON.stringify(value),
  });
  execFileSync(
    'node',
    [
      inRoot('scripts/lib/write-ahead.cjs'),
      databaseDirectory,
      ...OTHER_DATABASES,
    ],
    { env },
  );
  const child = startNode({
    reloads,
    args: [
      '--require',
      '@backstage/cli/config/nodeTransform.cjs',
      'src/index.ts',
      '--config',
      inRoot('app-config.yaml'),
      ...(config ? ['--config', inRoot(config)] : []),
    ],
    cwd: inRoot('packages/backend'),
    env: {
      ...env,
      // Later starts reuse compiled code.
      NODE_COMPILE_CACHE: inRoot('node_modules/.cache/node-compile-cache'),
      ...azureEnvironment(azure),
      ...setting('app_baseUrl', appUrl ?? url),
      ...setting('backend_baseUrl', url),
      ...setting('backend_listen_port', port),
      ...setting('backend_cors_origin', appUrl ?? url),
      ...setting('backend_database_connection_directory', databaseDirectory),
      ...setting(
        'demo_repositories',
        join(databaseDirectory, '../repositories'),
      ),
      ...Object.assign(
        {},
        ...Object.entries(settings).map(([path, value]) =>
          setting(path, value),
        ),
      ),
    },
    log,
  });
  try {
    await until(() => isServed(url), {
      process: child,
      what: 'the backend did not start',
      timeoutMs: BACKEND_START_MS,
    });
  } catch (error) {
    await child.stop();
    throw error;
  }
  return { child, url };
}

async function isServed(url) {
  if (!(await isOk(`${url}/.backstage/health/v1/readiness`))) {
    return false;
  }
  const token = await demoToken(url, WITNESS_USER);
  const entity = await fetch(`${url}/api/catalog/entities/by-name/${WITNESS}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  const { relations } = await entity.json();
  return relations?.length > 0 && isOk(url);
}

export async function isOk(url) {
  const response = await fetch(url, { headers: { accept: 'text/html' } });
  // An unread body keeps its connection open, and the backend waits for open connections when it stops.
  await response.text();
  return response.ok;
}

/** A Backstage token of one of the demo's users. */
export async function demoToken(url, user) {
  const response = await fetch(`${url}/api/auth/demo/refresh`, {
    headers: { 'x-demo-user': user },
  });
  const body = await response.json();
  if (!response.ok) {
    throw new Error(
      body.error?.message ?? `${response.status} ${response.statusText}`,
    );
  }
  return body.backstageIdentity.token;
}
