import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Child } from '../../scripts/lib/child.mjs';
import { lookWhile, untilKnown } from './firstReading';
import {
  control,
  cpuMs,
  type Person,
  type Portal,
  type Scripts,
  settle,
} from './portal';
import { AZURE_MS, PEOPLE, PEOPLE_RULES, READERS, values } from './settings';

export const started: Child[] = [];

/** People, each in a team of their own and in one of those that own the fleet; and those who see everything. */
function peopleOf(registries: { id: string; tags: Record<string, string> }[]) {
  const subscriptionOf = (id: string) => id.split('/')[2];
  const ids = registries.map(({ id }) => subscriptionOf(id)).sort();
  const teams = new Map<string, Person['owned']>();
  for (const { id, tags } of registries) {
    const { owner, 'backstage-entity-ref': entityRef } = tags;
    const team = owner?.replace('group:default/', '');
    // The last subscription of the world cannot be read.
    const isReadable = subscriptionOf(id) !== ids.at(-1);
    if (!entityRef || !team || team === 'platform-team' || !isReadable)
      continue;
    teams.set(team, [...(teams.get(team) ?? []), { id, entityRef }]);
  }
  const owners = [...teams];
  return {
    people: Array.from({ length: PEOPLE }, (_, n): Person => {
      const [team, owned] = owners[n % owners.length];
      return { name: `person-${n}`, team, owned };
    }),
    readers: Array.from({ length: READERS }, (_, n): Person => {
      return { name: `reader-${n}`, team: 'platform-team', owned: [] };
    }),
  };
}

/** Writes the people into a catalog file, and returns the settings that let them sign in. */
function settingsOf(tree: string, folder: string, everybody: Person[]) {
  const entity = (kind: string, name: string, spec: object) =>
    JSON.stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind,
      metadata: { name },
      spec,
    });
  const entities = everybody.flatMap(({ name, team }) => [
    entity('Group', `team-of-${name}`, { type: 'team', children: [] }),
    entity('User', name, { memberOf: [team, `team-of-${name}`] }),
  ]);
  const target = path.join(folder, 'people.yaml');
  writeFileSync(target, entities.join('\n---\n'));
  const locations = [
    { target: path.join(tree, 'examples/entities.yaml') },
    { target: path.join(tree, 'examples/org.yaml'), rules: PEOPLE_RULES },
    { target, rules: PEOPLE_RULES },
  ];
  return {
    catalog_locations: locations.map(each => ({ type: 'file', ...each })),
    auth_providers_demo_users: [
      'priya',
      ...everybody.map(({ name }) => name),
    ].map(name => ({ name, title: name, about: name })),
    // What the catalog does by itself is no part of what is measured: it processes each entity again after this time.
    catalog_processingInterval: '24h',
    // A rotation waits, so that streams have something to stay open for.
    acrCmk_approvals_rotate: 'required',
    // Nobody delivers any; `measureIdle` marks the vaults.
    acrCmk_events: {
      tenantId: '00000000-0000-4000-8000-000000000001',
      audience: 'api://acr-cmk-events',
      principalId: '00000000-0000-4000-8000-000000000002',
    },
  };
}

export async function startPortal(
  tree: string,
  registries: number,
  folder: string,
) {
  mkdirSync(folder, { recursive: true });
  const scripts: Scripts = Object.assign(
    {},
    ...(await Promise.all(
      ['app', 'child', 'portal'].map(
        name => import(path.join(tree, `scripts/lib/${name}.mjs`)),
      ),
    )),
  );
  const { env } = process;
  await scripts.ensureAppBuilt(env);
  const log = createWriteStream(path.join(folder, 'log'));
  const emulator = await scripts.startEmulator({
    env,
    log,
    dataDirectory: path.join(folder, 'azure'),
    port: await scripts.freePort(),
    world: values.world ?? `demo-fleet:${registries}`,
    flags: ['--throttle'],
  });
  const { azure } = emulator;
  started.push(emulator.child);
  await control(azure, 'POST', '/faults', { times: 0, delayMs: AZURE_MS });
  const { people, readers } = values.world
    ? { people: [], readers: [] }
    : peopleOf(await control(azure, 'GET', '/registries'));
  const options = {
    env,
    log,
    azure,
    port: await scripts.freePort(),
    databaseDirectory: path.join(folder, 'database'),
    settings: {
      ...scripts.fleetSettings(azure),
      ...settingsOf(tree, folder, [...people, ...readers]),
    },
  };
  const spawned = performance.now();
  const { child, url } = await scripts.startBackend(options);
  started.push(child);
  let running = child;
  const portal: Portal = {
    scripts,
    url,
    azure,
    pid: child.pid,
    database: path.join(options.databaseDirectory, 'acr-cmk.sqlite'),
    restart: async between => {
      await running.stop();
      await between?.();
      const at = performance.now();
      ({ child: running } = await scripts.startBackend(options));
      started.push(running);
      portal.pid = running.pid;
      return at;
    },
    people,
    readers,
    priya: {
      name: 'priya',
      team: 'platform-team',
      owned: [{ id: '', entityRef: 'resource:default/shop-images' }],
    },
  };
  let isCold = true;
  const [cold, looks] = await Promise.all([
    untilKnown(portal, spawned).finally(() => {
      isCold = false;
    }),
    lookWhile(portal, () => isCold),
  ]);
  const processor = { backend: cpuMs(child), azure: cpuMs(emulator.child) };
  // The module offers its entities now, and the catalog processes them.
  const entering = await lookWhile(portal, () => false);
  if (values.only !== 'cold') {
    await scripts.fillCatalog(url, { azure, process: child });
  }
  await settle(portal);
  const later = await lookWhile(portal, () => false);
  return { portal, cold: { ...cold, processor, looks, entering, later } };
}
