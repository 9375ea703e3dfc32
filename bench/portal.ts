// `yarn bench:portal`: what views, the fleet and the inventory cost in the portal of `npm start -- --fleet N`.
//
// Nothing stands in for anything: packages/backend runs with its catalog and its permission backend, fifty
// people are signed in, and everything is asked over HTTP, so that `--portal DIR` measures another checkout
// with the same API. Several checkouts take turns, round by round. The emulated Azure answers each call after
// 100 ms and refuses what is beyond Azure's limits. Ends with 1 when a bound is missed.
// `--only campaign --registries 10000 --members 300 --idle 5` measures a campaign beside single operations.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  createWriteStream,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import {
  type Campaign,
  type CampaignFilter,
  type CampaignMember,
  type CampaignMembers,
  DEFAULT_CAMPAIGN_STRATEGY,
  type FleetRegistries,
  type FleetRegistry,
  type FleetSummary,
  type InventoryStatus,
  type Operation,
} from 'backstage-plugin-acr-cmk-common';
import knexFactory, { type Knex } from 'knex';
import type { Child } from '../scripts/lib/child.mjs';
import type { AzureAddress } from '../scripts/lib/portal.mjs';
import {
  ARM_BUCKETS,
  DEFAULT_ASSUMPTIONS,
  RESOURCE_GRAPH_WINDOW,
} from '../packages/azure-emulator/src/assumptions';

const { values } = parseArgs({
  options: {
    registries: { type: 'string', default: '1000' },
    /** Registries of the portal whose tabs are compared with it. */
    small: { type: 'string', default: '100' },
    /** Registries of the portal whose lists are compared with it. */
    medium: { type: 'string', default: '1000' },
    rounds: { type: 'string', default: '3' },
    only: {
      type: 'string',
      default: 'cold,tab,viewers,cpu,burst,restart,idle',
    },
    /** Checkouts whose portals take turns. Default: this one. */
    portal: { type: 'string', multiple: true, default: [] },
    /** World of the emulated Azure instead of the fleet of teams: `--only cold` alone. */
    world: { type: 'string' },
    /** Operations that wait for Azure while the backend is restarted. */
    waiting: { type: 'string', default: '1000' },
    /** Requests of a burst that are on their way at once. */
    connections: { type: 'string', default: '20' },
    /** Minutes without a viewer whose calls are scaled to an hour, or to the duration of a campaign. */
    idle: { type: 'string', default: '10' },
    /** Members of the campaign, about. */
    members: { type: 'string', default: '300' },
  },
});
const isWanted = (part: string) => values.only.split(',').includes(part);
const SMALL = Number(values.small);
const MEDIUM = Number(values.medium);
const LARGE = Number(values.registries);
const PEOPLE = 50;
/** Members of the platform team, who see everything. So many that none reaches the limit of a caller. */
const READERS = 20;
/** Times that each of them asks, where processor time is measured. */
const ASKED_EACH = 3;
/** About twenty milliseconds of a processor. */
const COUNTS = 12_000_000;
let counted = 0;
const PEOPLE_RULES = [{ allow: ['User', 'Group'] }];
const AZURE_MS = 100;
/** One person who looks on and on stays below the limit of reads in a minute. */
const VIEWS_APART_MS = 200;
/** Interval between two looks of a viewer during the first reading, which takes minutes. */
const LOOKS_APART_MS = 1_000;
const TOKEN_MS = 30 * 60_000;
const WAITING = Number(values.waiting);
/** With many more, the portal's HTTP server delays others before any plugin has a request, also of its liveness. */
const CONNECTIONS = Number(values.connections);
const HOUR_MS = 60 * 60_000;
const IDLE_MS = Number(values.idle) * 60_000;
/** Turns that list the vaults whose moment in the longer interval has passed since their last list. */
const CHANGEOVER_MS = 2 * 60_000;
/** Operations beside which a campaign is measured. */
const SINGLES = 5;
/** Interval at which those who start and approve a campaign look at it. */
const ASK_MS = 1_000;
/** Time after a campaign in which its last calls come. */
const QUIET_MS = 10_000;
const MEMBERS = Number(values.members);
/** Members that a preview plans in the seconds that are judged. Of a larger one, its share of the time is judged. */
const PREVIEWED = 300;
/** The default one, without a limit at which it would pause. */
const STRATEGY = {
  ...DEFAULT_CAMPAIGN_STRATEGY,
  stages: DEFAULT_CAMPAIGN_STRATEGY.stages.map(({ count, percent }) => ({
    count,
    percent,
    maxFailurePercent: 100,
  })),
};
/** Rotations whose copies wait, each of another registry. */
const ROTATIONS = 8;
/** Updates of registries are not done before the bench is, and are asked about as rarely as the engine agrees to. */
const SLOW_UPDATES = {
  registryOperationSeconds: 6 * 60 * 60,
  operationRetryAfterSeconds: 30,
};
const QUESTIONS = {
  summary: 'summary',
  calendar: 'expiries',
  search: 'registries?search=amber',
  'by key': 'keys',
  page: 'registries',
};

/** Parts of scripts/lib that start the demo. */
type Scripts = typeof import('../scripts/lib/portal.mjs') &
  typeof import('../scripts/lib/child.mjs') & {
    ensureAppBuilt(env: NodeJS.ProcessEnv): Promise<void>;
  };
interface Person {
  name: string;
  team: string;
  /** Registries of the team that have an entity. */
  owned: { id: string; entityRef: string }[];
  token?: { text: string; at: number };
}
interface Portal {
  scripts: Scripts;
  url: string;
  azure: AzureAddress;
  pid: number;
  /** File of the plugin's database. */
  database: string;
  /** Stops the backend, and starts it again after `between`. Returns the time of the start. */
  restart(between?: () => Promise<void>): Promise<number>;
  people: Person[];
  readers: Person[];
  /** Platform engineer of the demo, with a registry of it. */
  priya: Person;
}
/** Portals of a checkout. Without the parts that compare them, they are one. */
interface Sizes {
  small: Portal;
  medium: Portal;
  large: Portal;
}
interface Call {
  /** Azure's time of it, ISO 8601. */
  time: string;
  method: string;
  path: string;
  principal?: string;
}

const started: Child[] = [];
const print = (line: string) => process.stdout.write(`${line}\n`);
const load = () => `load ${os.loadavg()[0].toFixed(1)}`;
const percentile = (numbers: number[], share: number) =>
  [...numbers].sort((a, b) => a - b)[Math.ceil(numbers.length * share) - 1];
const median = (numbers: number[]) => percentile(numbers, 0.5);
const p99 = (numbers: number[]) => percentile(numbers, 0.99);

function judge(what: string, value: number, is: '<=' | '>=', bound: number) {
  const isMet = is === '<=' ? value <= bound : value >= bound;
  const mark = isMet ? 'ok    ' : 'MISSED';
  print(`  ${mark} ${what}: ${value.toFixed(2)}, ${is} ${bound.toFixed(2)}`);
  if (!isMet) process.exitCode = 1;
}

async function control<T>(
  { proxy }: AzureAddress,
  method: string,
  name: string,
  body?: object,
): Promise<T> {
  const sent = body && { body: JSON.stringify(body) };
  return (await fetch(new URL(name, proxy), { method, ...sent })).json();
}

/** Takes the calls since the last time out of Azure's log. */
async function takeCalls({ azure }: Portal): Promise<Call[]> {
  const calls = await control<Call[]>(azure, 'GET', '/requests');
  await control(azure, 'DELETE', '/requests');
  return calls.filter(({ principal }) => principal);
}

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

async function startPortal(tree: string, registries: number, folder: string) {
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

/** Views of one person who looks again and again. */
interface Looks {
  /** Times of the tab of a registry in each minute, and of the catalog for its entity. */
  minutes: { tab: number[]; byName: number[] }[];
  /** Registries with an error or a warning, at most. */
  faults: number;
}

/** Looks at a registry of the demo and at the fleet. Another world has neither the registry nor its entity. */
async function lookWhile(portal: Portal, isOn: () => boolean): Promise<Looks> {
  const looks: Looks = { minutes: [], faults: 0 };
  if (values.world || !isWanted('cold')) return looks;
  // The first view waits for Azure.
  await view(portal, portal.priya, 0);
  const began = performance.now();
  for (let n = 0; n < 20 || isOn(); n += 1) {
    await delay(LOOKS_APART_MS);
    const minute = Math.floor((performance.now() - began) / 60_000);
    const { tab, byName: ofCatalog } = (looks.minutes[minute] ??= {
      tab: [],
      byName: [],
    });
    tab.push(await view(portal, portal.priya, 0));
    const asked = performance.now();
    await byName(portal, portal.priya, 0);
    ofCatalog.push(performance.now() - asked);
    if (n % 5 > 0) continue;
    const { counts } = await ask<FleetSummary>(
      portal,
      portal.priya,
      'acr-cmk/v1/fleet/summary',
    );
    const faults = counts.severity
      .filter(({ value }) => value === 'error' || value === 'warning')
      .reduce((sum, { count }) => sum + count, 0);
    looks.faults = Math.max(looks.faults, faults);
  }
  return looks;
}

function reportLooks({
  looks,
  entering,
  later,
}: Record<'looks' | 'entering' | 'later', Looks>) {
  if (values.world) return;
  const printTimes = (when: string, times: Looks['minutes'][number]) => {
    const [tab, catalog] = [times.tab, times.byName].map(
      each => `p50 ${median(each).toFixed(0)}, p99 ${p99(each).toFixed(0)} ms`,
    );
    print(`  ${when}: tab ${tab}; by-name of the catalog ${catalog}`);
  };
  looks.minutes.forEach((times, n) => printTimes(`minute ${n + 1}`, times));
  printTimes('entities enter the catalog', entering.minutes[0]);
  const [during, after] = [looks, later].map(({ minutes }) =>
    median(minutes.flatMap(({ tab }) => tab)),
  );
  const both = `${during.toFixed(1)} and ${after.toFixed(1)} ms`;
  judge(`tab's p50 meanwhile and later, ${both}`, during / after, '<=', 2);
  judge(
    'registries that look faulty meanwhile',
    looks.faults,
    '<=',
    later.faults,
  );
}

/**
 * Waits until the first sweep and all that it led to are read. Returns the time since the start of the backend and
 * since its first call, and Azure's least.
 */
async function untilKnown(portal: Portal, spawned: number) {
  const calls: Call[] = [];
  const cold = { seconds: 0, calls: 0, reading: 0 };
  // What was read may lead to more: four seconds without any are the end. The status counts rows, so it is not
  // asked for more often.
  for (let quiet = 0; quiet < 4;) {
    await delay(1_000);
    calls.push(...(await takeCalls(portal)));
    const { lastSweep, dirty } = await ask<InventoryStatus>(
      portal,
      portal.priya,
      'acr-cmk/v1/inventory/status',
    );
    quiet = lastSweep?.endedAt && dirty === 0 ? quiet + 1 : 0;
    if (quiet === 1) {
      cold.seconds = (performance.now() - spawned) / 1000;
      cold.calls = calls.length;
      const { now } = await control<{ now: string }>(
        portal.azure,
        'GET',
        '/clock',
      );
      cold.reading = (Date.parse(now) - Date.parse(calls[0].time)) / 1000;
    }
  }
  return { ...cold, floor: floorOf(calls.slice(0, cold.calls)) };
}

/** Least seconds in which Azure's limits let these calls through. */
function floorOf(calls: readonly Pick<Call, 'method' | 'path'>[]): number {
  const { size, refillPerSecond } = ARM_BUCKETS.reads;
  const { queries, seconds } = RESOURCE_GRAPH_WINDOW;
  const counts = new Map<string, number>();
  for (const call of calls) {
    const [, first, second] = call.path.toLowerCase().split('/');
    const bucket =
      call.method === 'GET' && first === 'subscriptions' ? second : 'graph';
    counts.set(bucket, (counts.get(bucket) ?? 0) + 1);
  }
  const waits = [...counts].map(([bucket, n]) =>
    bucket === 'graph'
      ? Math.floor(n / queries) * seconds
      : (n - size) / refillPerSecond,
  );
  return Math.max(0, ...waits);
}

/** Waits until the catalog has worked off what the fleet has brought, at most forty minutes. */
async function settle(portal: Portal): Promise<void> {
  let busy = 1;
  for (let minute = 0; busy > 0.15 && minute < 40; minute += 1) {
    const before = cpuMs(portal);
    await delay(60_000);
    busy = (cpuMs(portal) - before) / 60_000;
    print(`  processor ${Math.round(busy * 100)} %, ${load()}`);
  }
}

/**
 * Processor time of a question to the fleet, while the inventory reads nothing and the catalog processes nothing: the
 * seconds before and after are idle. Milliseconds.
 */
async function processorMs(portal: Portal, question: string): Promise<number> {
  for (let tries = 1; ; tries += 1) {
    await untilIdle(portal);
    await takeCalls(portal);
    const before = cpuMs(portal);
    // The system counts processor time in steps of ten milliseconds.
    for (let time = 0; time < ASKED_EACH; time += 1) {
      for (const reader of portal.readers) {
        await ask(portal, reader, `acr-cmk/v1/fleet/${question}`);
      }
    }
    const ms = (cpuMs(portal) - before) / (ASKED_EACH * READERS);
    const calls = await takeCalls(portal);
    const isAlone = (await isIdle(portal)) && calls.length === 0;
    if (!isAlone && tries < 10) continue;
    if (!isAlone) print('  not alone in any of ten tries');
    return ms;
  }
}

/** Waits, at most two minutes, for a second in which the catalog and the inventory leave the processor alone. */
async function untilIdle(portal: Portal): Promise<void> {
  for (let second = 0; second < 120; second += 1) {
    if (await isIdle(portal)) return;
  }
}

/** Whether the backend leaves the processor alone in the second that follows. */
async function isIdle(portal: Portal): Promise<boolean> {
  const before = cpuMs(portal);
  await delay(1000);
  return cpuMs(portal) - before <= 50;
}

/** Time of the processor that the backend has had, in steps of 10 ms. */
function cpuMs({ pid }: Pick<Portal, 'pid'>): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1];
  const [user, system] = fields.split(' ').slice(11, 13).map(Number);
  return (user + system) * 10;
}

async function headersOf({ scripts, url }: Portal, person: Person) {
  if (!person.token || Date.now() - person.token.at > TOKEN_MS) {
    const text = await scripts.demoToken(url, person.name);
    person.token = { text, at: Date.now() };
  }
  return {
    authorization: `Bearer ${person.token.text}`,
    'content-type': 'application/json',
  };
}

async function ask<T>(
  portal: Portal,
  person: Person,
  at: string,
  body?: object,
): Promise<T> {
  const response = await fetch(`${portal.url}/api/${at}`, {
    headers: await headersOf(portal, person),
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${at}: ${response.status} ${text}`);
  return JSON.parse(text);
}

/** The path of an entity of the person's team, another one for each n. */
function entityOf({ owned }: Person, n: number): string {
  return owned[n % owned.length].entityRef.replace(':', '/');
}

async function view(portal: Portal, person: Person, n: number, query = '') {
  const at = `acr-cmk/v1/entities/${entityOf(person, n)}/registries${query}`;
  // Signing in is no part of a view.
  await headersOf(portal, person);
  const began = performance.now();
  const { registries } = await ask<{ registries: { kind: string }[] }>(
    portal,
    person,
    at,
  );
  if (registries[0]?.kind !== 'registry') throw new Error(`No view: ${at}`);
  return performance.now() - began;
}

const byName = (portal: Portal, person: Person, n: number) =>
  ask(portal, person, `catalog/entities/by-name/${entityOf(person, n)}`);

/**
 * Time of a loop that only counts, about as long as a view. Its p99 beside its p50 is what the machine itself takes
 * from anything of that length. Milliseconds.
 */
function loopMs(): number {
  const began = performance.now();
  for (let n = 0; n < COUNTS; n += 1) counted = (counted * 31 + n) % 65_536;
  return performance.now() - began;
}

/** Figures of a checkout by name. Each round adds to them. */
type Figures = Record<string, number[]>;
type Add = (name: string, ...numbers: number[]) => void;
interface Measure {
  round(portals: Sizes, add: Add): Promise<void>;
  report(figures: Figures): void;
}

const MEASURES: Record<string, Measure> = {
  tab: {
    async round(portals, add) {
      const { small, large } = portals;
      // Without what a burst has left behind.
      for (const portal of [small, large]) await untilIdle(portal);
      // Not what a process does once: its first requests, and each person's.
      for (const portal of [small, large]) {
        for (const person of portal.people) await view(portal, person, 0);
      }
      for (let n = 0; n < 3 * PEOPLE; n += 1) {
        const nth = Math.floor(n / PEOPLE);
        for (const size of ['small', 'large'] as const) {
          const { people } = portals[size];
          add(size, await view(portals[size], people[n % people.length], nth));
        }
        // What the same thread does for the catalog at that moment.
        const began = performance.now();
        await byName(large, large.people[n % large.people.length], nth);
        add('byName', performance.now() - began);
        add('loop', loopMs());
      }
      for (const person of large.people.slice(0, 20)) {
        add('live', await view(large, person, 0, '?refresh=true'));
      }
    },
    report({ small, large, byName: ofCatalog, loop, live }) {
      const all = { small, large, 'by-name': ofCatalog, loop, live };
      for (const [name, times] of Object.entries(all)) {
        const [middle, last] = [median(times), p99(times)];
        print(`  ${name} p50 ${middle.toFixed(1)}, p99 ${last.toFixed(1)} ms`);
      }
      judge('p99 large / small', p99(large) / p99(small), '<=', 1.2);
      judge('p99 large / live fetch', p99(large) / p99(live), '<=', 0.1);
    },
  },
  viewers: {
    async round({ large }, add) {
      for (const [name, look] of Object.entries({ view, byName })) {
        const until = performance.now() + 8_000;
        const before = cpuMs(large);
        let count = 0;
        const one = async (person: Person) => {
          for (let n = 0; performance.now() < until; n += 1) {
            await look(large, person, n);
            count += 1;
          }
        };
        await Promise.all(large.people.map(one));
        add(`${name} a second`, count / 8);
        add(`${name} processor ms`, (cpuMs(large) - before) / count);
      }
    },
    report(figures) {
      for (const [name, each] of Object.entries(figures)) {
        print(`  ${name}: ${each.map(n => n.toFixed(1)).join(' ')}`);
      }
      const rate = (name: string) => median(figures[`${name} a second`]);
      judge('views / by-name', rate('view') / rate('byName'), '>=', 1 / 3);
    },
  },
  cpu: {
    async round(portals, add) {
      for (const [name, question] of Object.entries(QUESTIONS)) {
        for (const size of ['medium', 'large'] as const) {
          const { [size]: portal } = portals;
          add(`${name} ${size}`, await processorMs(portal, question));
        }
      }
    },
    report(figures) {
      for (const name of Object.keys(QUESTIONS)) {
        const medium = median(figures[`${name} medium`]);
        const large = median(figures[`${name} large`]);
        const both = `${medium.toFixed(1)} and ${large.toFixed(1)} ms`;
        judge(`${name}, ${both}`, large / medium, '<=', 1.5);
      }
    },
  },
  burst: {
    async round({ large }, add) {
      // They stay away afterwards, since their limits are used up.
      const [abuser, ...others] = large.people.splice(0, 4);
      const look = async (name: string, isOn: () => boolean) => {
        const one = async (person: Person) => {
          for (let n = 0; n < 50 || isOn(); n += 1) {
            add(`beside ${name}`, await view(large, person, n));
            await delay(VIEWS_APART_MS);
          }
        };
        await Promise.all(others.map(one));
      };
      // A process of its own, whose work does not delay what is measured here.
      const args = [...process.execArgv, __filename, ...process.argv.slice(2)];
      const child = spawn(process.execPath, args, {
        env: {
          ...process.env,
          BENCH_BURST: JSON.stringify(await burstOf(large, abuser)),
        },
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      // Not what a process does once: its first requests, and each person's.
      for (const person of large.people) await view(large, person, 0);
      for (const person of others) await view(large, person, 0);
      await look('nothing', () => false);
      for (const name of Object.keys(BURSTS)) {
        let isOn = true;
        child.stdin.write(name);
        const ended = once(child.stdout, 'data').then(([answer]) => {
          isOn = false;
          return JSON.parse(String(answer)) as number[];
        });
        await look(name, () => isOn);
        add(name, ...(await ended));
      }
      child.kill();
    },
    report({ 'beside nothing': quiet, ...figures }) {
      for (const name of Object.keys(BURSTS)) {
        const statuses = Map.groupBy(figures[name], status => status);
        const counts = [...statuses].map(
          ([status, { length }]) => `${length} with ${status}`,
        );
        print(`  ${name}: ${counts.join(', ')}`);
        const loud = figures[`beside ${name}`];
        const both = `${p99(quiet).toFixed(1)} and ${p99(loud).toFixed(1)} ms`;
        judge(`others' p99, ${both}`, p99(loud) / p99(quiet), '<=', 2);
      }
    },
  },
  restart: {
    async round({ large }, add) {
      const look = async (name: string, isOn: () => boolean) => {
        for (let n = 0; n < 100 || isOn(); n += 1) {
          add(
            name,
            await view(large, large.people[n % large.people.length], n),
          );
          await delay(VIEWS_APART_MS);
        }
      };
      const rotations = await waitingRotations(large);
      // Tabs of a backend that has just begun are slower than later ones, whatever waits.
      await large.restart();
      await look('quiet', () => false);
      const spawned = await large.restart(() =>
        copyRotations(large, rotations),
      );
      const before = cpuMs(large);
      let isOn = true;
      const looked = untilLookedAt(large).then(() => {
        isOn = false;
        add('seconds', (performance.now() - spawned) / 1000);
        add('processor ms each', (cpuMs(large) - before) / WAITING);
      });
      await look('loud', () => isOn);
      await looked;
      // The registry, and Azure's operation on it.
      const calls = Array.from({ length: 2 * WAITING }, (_, n) => ({
        method: 'GET',
        path: rotations[n % rotations.length].registryId,
      }));
      add('floor', floorOf(calls));
      await large.restart(() => removeCopies(large));
    },
    report({ quiet, loud, floor, seconds, ...others }) {
      for (const [name, each] of Object.entries({
        ...others,
        floor,
        seconds,
      })) {
        print(`  ${name}: ${each.map(n => n.toFixed(1)).join(' ')}`);
      }
      const middle = [quiet, loud].map(each => median(each).toFixed(1));
      print(`  tabs' p50, ${middle.join(' and ')} ms`);
      // As of the cold reading: a lower floor says more about the start of the process.
      const least = Math.max(median(floor), 30);
      judge('seconds / floor', median(seconds) / least, '<=', 1.3);
      const both = `${p99(quiet).toFixed(1)} and ${p99(loud).toFixed(1)} ms`;
      judge(`tabs' p99, ${both}`, p99(loud) / p99(quiet), '<=', 2);
    },
  },
};

interface Burst {
  api: string;
  headers: Record<string, string>;
  /** An operation that waits for approval. */
  operationId: string;
  plan: object;
}

/** The burst of a person, who has a rotation wait for approval first. */
async function burstOf(portal: Portal, person: Person): Promise<Burst> {
  const { id: operationId, plan } = await requestRotation(portal, person);
  return {
    api: `${portal.url}/api/acr-cmk/v1`,
    headers: await headersOf(portal, person),
    operationId,
    plan,
  };
}

/** A rotation of a registry of the person, which waits for approval. */
async function requestRotation(portal: Portal, person: Person) {
  for (const { id: registryId, entityRef } of person.owned) {
    const plan = { entityRef, registryId, intent: { kind: 'rotate' } };
    const post = (name: string, body: object) =>
      ask<{ id: string; hash: string }>(
        portal,
        person,
        `acr-cmk/v1/${name}`,
        body,
      );
    try {
      const { id: planId, hash: planHash } = await post('plans', plan);
      const { id } = await post('operations', {
        planId,
        planHash,
        reason: 'Something to watch',
        idempotencyKey: `bench-${planId}`,
      });
      return { id, plan, planHash };
    } catch {
      // It has no key, or its key cannot be rotated: the next one.
    }
  }
  throw new Error(`No registry of ${person.team} can be rotated`);
}

interface Rotation {
  id: string;
  registryId: string;
}

/** Rotations of several people that wait for Azure's update of a registry. */
async function waitingRotations(portal: Portal): Promise<Rotation[]> {
  await control(portal.azure, 'POST', '/assumptions', SLOW_UPDATES);
  const [approver] = portal.readers;
  const rotations: Rotation[] = [];
  for (const person of portal.people.slice(0, ROTATIONS)) {
    const { id, plan, planHash } = await requestRotation(portal, person);
    const at = `acr-cmk/v1/operations/${id}`;
    await ask(portal, approver, `${at}/approve`, { planHash });
    const isUpdating = async () => {
      const { waiting, result } = await ask<Operation>(portal, person, at);
      if (result) throw new Error(`${at}: ${result.message}`);
      return waiting?.message === 'Azure is changing the registry';
    };
    while (!(await isUpdating())) await delay(500);
    rotations.push({ id, registryId: plan.registryId });
  }
  return rotations;
}

async function withDatabase<T>(
  { database }: Portal,
  work: (db: Knex) => Promise<T>,
): Promise<T> {
  const db = knexFactory({
    client: 'better-sqlite3',
    connection: { filename: database },
    useNullAsDefault: true,
  });
  try {
    return await work(db);
  } finally {
    await db.destroy();
  }
}

const COPIES = '00000000-0000-4000-8000-';
/** Due time of what nobody has looked at since it was copied. */
const COPIED = 1;

const copyOf = (n: number) => `${COPIES}${String(n).padStart(12, '0')}`;

/** Copies operations, as they wait, into many that are due. */
function copyRotations(portal: Portal, rotations: Rotation[]): Promise<void> {
  const ids = rotations.map(({ id }) => id);
  return withDatabase(portal, db =>
    db.transaction(async trx => {
      const operations = await trx('operations').whereIn('id', ids);
      const steps = await trx('operation_steps').whereIn('operation_id', ids);
      for (let n = 0; n < WAITING; n += 1) {
        const { id: original } = rotations[n % rotations.length];
        const operation = operations.find(each => each.id === original);
        const id = copyOf(n);
        await trx('operations').insert({
          ...operation,
          id,
          idempotency_key: id,
          due_at: COPIED,
          lease_owner: null,
          lease_until: null,
        });
        await trx('operation_steps').insert(
          steps
            .filter(step => step.operation_id === original)
            .map(step => ({ ...step, operation_id: id })),
        );
      }
    }),
  );
}

function removeCopies(portal: Portal): Promise<void> {
  return withDatabase(portal, async db => {
    const isCopy = `${COPIES}%`;
    await db('operation_steps').whereLike('operation_id', isCopy).delete();
    await db('operations').whereLike('id', isCopy).delete();
  });
}

function untilLookedAt(portal: Portal): Promise<void> {
  return withDatabase(portal, async db => {
    const isDue = () => db('operations').where({ due_at: COPIED }).first('id');
    while (await isDue()) await delay(200);
  });
}

/** Requests that one person sends as fast as they are answered, by name. */
const BURSTS: Record<
  string,
  { count: number; send: (burst: Burst) => Promise<Response> }
> = {
  // These stay open during the other bursts.
  streams: {
    count: 200,
    send: ({ api, headers, operationId }) =>
      fetch(`${api}/operations/${operationId}/events`, { headers }),
  },
  plans: {
    count: 500,
    send: ({ api, headers, plan }) =>
      fetch(`${api}/plans`, {
        method: 'POST',
        headers,
        body: JSON.stringify(plan),
      }),
  },
  reads: {
    count: 500,
    send: ({ api, headers }) => fetch(`${api}/fleet/summary`, { headers }),
  },
};

/** Sends each burst when told its name, and prints the statuses of the answers. */
async function runBursts(burst: Burst): Promise<void> {
  // A stream whose response nobody refers to is closed.
  const streams: unknown[] = [];
  for await (const data of process.stdin) {
    const name = String(data);
    const { count, send } = BURSTS[name];
    const one = async () => {
      const response = await send(burst).catch(() => undefined);
      if (name === 'streams') streams.push(response);
      else await response?.arrayBuffer();
      // 0 for a connection that was reset: more than the system lets wait.
      return response?.status ?? 0;
    };
    const statuses: number[] = [];
    const connection = async () => {
      while (statuses.length < count) {
        const at = statuses.push(0) - 1;
        statuses[at] = await one();
      }
    };
    await Promise.all(Array.from({ length: CONNECTIONS }, connection));
    print(JSON.stringify(statuses));
  }
}

/** Counts the calls of some minutes without a viewer, without events and with them, and scales them to an hour. */
async function measureIdle(portal: Portal): Promise<void> {
  const { total, counts } = await ask<FleetSummary>(
    portal,
    portal.readers[0],
    'acr-cmk/v1/fleet/summary',
  );
  const withKey = counts.mode.reduce((sum, { count }) => sum + count, 0);
  // Each registry; and for one with a key its vault, the key, its versions and its rotation policy.
  const loop = (total + 4 * withKey) * 12;
  print(`  loop of az: ${loop} calls an hour`);
  const fewer = (calls: Call[]) => (loop * IDLE_MS) / (calls.length * HOUR_MS);
  judge(
    'one call for so many of the loop',
    fewer(await idleCalls(portal)),
    '>=',
    60,
  );
  const mark = (events_at: number | null) =>
    withDatabase(portal, db => db('vaults').update({ events_at }));
  await mark(Date.now());
  await delay(CHANGEOVER_MS);
  const calls = await idleCalls(portal);
  await mark(null);
  judge('… where vaults deliver events', fewer(calls), '>=', 300);
}

async function idleCalls(portal: Portal): Promise<Call[]> {
  await takeCalls(portal);
  await delay(IDLE_MS);
  const calls = await takeCalls(portal);
  print(`  ${calls.length} calls in ${values.idle} minutes`);
  for (const [kind, { length }] of Map.groupBy(calls, kindOfCall)) {
    print(`  ${length} of ${kind}`);
  }
  return calls;
}

/** Kind of a call to Azure. */
function kindOfCall({ path: at }: Call): string {
  if (/\/keys\/[^/]+\/versions$/i.test(at)) return 'versions of a key';
  if (/\/keys$/i.test(at)) return 'keys of a vault';
  return /resourcegraph/i.test(at) ? 'Resource Graph' : 'one thing';
}

const AUTOMATIC = {
  kind: 'rotate',
  key: { kind: 'current', mode: 'automatic' },
};

/** Entity that the tag of a registry of the fleet names. */
const entityNamed = (name: string) => `resource:default/${name}`;

const nextPage = ({ nextCursor }: { nextCursor?: string }) =>
  nextCursor ? `&cursor=${encodeURIComponent(nextCursor)}` : '';

/** Registries that are pinned to a version and linked to their entity, page by page. */
async function pinned(portal: Portal, person: Person) {
  const found: FleetRegistry[] = [];
  let cursor = '';
  do {
    const page = await ask<FleetRegistries>(
      portal,
      person,
      `acr-cmk/v1/fleet/registries?mode=manual&unbound=false&limit=100${cursor}`,
    );
    found.push(...page.items);
    cursor = nextPage(page);
  } while (cursor);
  return found.filter(({ entities, name }) =>
    entities.some(({ entityRef }) => entityRef === entityNamed(name)),
  );
}

/**
 * The filter that selects the fewest of these registries, but as many as are wanted, where one does. One that selects
 * more than twice as many could be more than a campaign may have.
 */
function filterOf(
  registries: readonly FleetRegistry[],
  wanted: number,
): CampaignFilter {
  const counts = new Map<string, number>();
  for (const { owners, subscriptionId, state } of registries) {
    const all: CampaignFilter = { mode: 'manual', unbound: false };
    for (const place of [
      all,
      { ...all, subscription: subscriptionId },
      ...owners.map(owner => ({ ...all, owner })),
    ]) {
      for (const filter of [place, { ...place, state: [state.id] }]) {
        const text = JSON.stringify(filter);
        counts.set(text, (counts.get(text) ?? 0) + 1);
      }
    }
  }
  const bySize = [...counts].sort(([, a], [, b]) => a - b);
  const fitting = bySize.filter(([, n]) => n <= 2 * wanted);
  const [text] =
    fitting.find(([, n]) => n >= wanted) ?? fitting.at(-1) ?? bySize[0];
  return JSON.parse(text);
}

/** Switches a registry as its tab does, with another person's approval. Undefined where its plan is blocked. */
async function switchOne(
  portal: Portal,
  { registryId, name }: FleetRegistry,
): Promise<number | undefined> {
  const [requester, approver] = portal.readers;
  const post = <T>(person: Person, name: string, body: object) =>
    ask<T>(portal, person, `acr-cmk/v1/${name}`, body);
  const plan = await post<{ id: string; hash: string; blocked: boolean }>(
    requester,
    'plans',
    { entityRef: entityNamed(name), registryId, intent: AUTOMATIC },
  );
  if (plan.blocked) return undefined;
  const { id } = await post<Operation>(requester, 'operations', {
    planId: plan.id,
    planHash: plan.hash,
    reason: 'Measured beside a campaign',
    idempotencyKey: `bench-${plan.id}`,
  });
  await post(approver, `operations/${id}/approve`, { planHash: plan.hash });
  const began = performance.now();
  for (;;) {
    const { result, state } = await ask<Operation>(
      portal,
      requester,
      `acr-cmk/v1/operations/${id}`,
    );
    if (result && state !== 'succeeded') throw new Error(result.message);
    if (result) return (performance.now() - began) / 1000;
    await delay(ASK_MS);
  }
}

const campaignsAs =
  (portal: Portal, person: Person) =>
  <T = Campaign>(at: string, body?: object) =>
    ask<T>(portal, person, `acr-cmk/v1/campaigns${at}`, body);

/** Plans a campaign over all that the filter selects. */
async function previewOf(portal: Portal, filter: CampaignFilter) {
  const ofRequester = campaignsAs(portal, portal.readers[0]);
  const began = performance.now();
  const { id } = await ofRequester('', {
    intent: { kind: 'automatic-mode' },
    selection: { filter },
  });
  let seen = await ofRequester(`/${id}`);
  while (seen.state === 'previewing') {
    await delay(ASK_MS / 4);
    seen = await ofRequester(`/${id}`);
  }
  const seconds = (performance.now() - began) / 1000;
  print(`  planned in ${seconds.toFixed(1)} s: ${seen.message}`);
  return { id, hash: seen.hash, seconds };
}

/** Starts a campaign, approves each of its stages as another person, and waits for its end. */
async function runCampaign(
  portal: Portal,
  { id, hash }: { id: string; hash?: string },
): Promise<{ seconds: number; campaign: Campaign }> {
  const [ofRequester, ofApprover] = portal.readers.map(person =>
    campaignsAs(portal, person),
  );
  const began = performance.now();
  await ofRequester(`/${id}/start`, {
    hash,
    strategy: STRATEGY,
    reason: 'Bench',
  });
  let campaign: Campaign;
  do {
    await delay(ASK_MS);
    campaign = await ofApprover(`/${id}`);
    const { request } = campaign;
    if (request) {
      await ofApprover(`/${id}/stages/${request.stage}/decision`, {
        hash: request.hash,
        rejected: [],
      });
    }
  } while (campaign.state === 'running');
  return { seconds: (performance.now() - began) / 1000, campaign };
}

/** Members of a campaign that change. */
async function changing(portal: Portal, id: string) {
  const members: CampaignMember[] = [];
  let cursor = '';
  do {
    const page = await campaignsAs(
      portal,
      portal.readers[0],
    )<CampaignMembers>(`/${id}/members?outcome=change&limit=100${cursor}`);
    members.push(...page.items);
    cursor = nextPage(page);
  } while (cursor);
  return members;
}

/** Seconds from the acceptance of a member's operation to the proof of the member. */
const durationOf = ({ startedAt, endedAt }: CampaignMember) =>
  startedAt && endedAt
    ? (Date.parse(endedAt) - Date.parse(startedAt)) / 1000
    : 0;

/**
 * Least seconds of a campaign with one write for each member. Stages come one after the other, and each changes its
 * members a few at a time: the sum over stages of ⌈members / concurrency⌉ × Azure's update of a registry. ARM takes a
 * bucket of writes at once for each subscription, and the others as it refills: (writes − bucket) / refill.
 */
function floorOfCampaign(
  { stages }: Campaign,
  members: readonly CampaignMember[],
): number {
  const { size, refillPerSecond } = ARM_BUCKETS.writes;
  const updates = stages.reduce(
    (sum, { members }) => sum + Math.ceil(members / STRATEGY.concurrency),
    0,
  );
  return Math.max(
    updates * DEFAULT_ASSUMPTIONS.registryOperationSeconds,
    ...[...Map.groupBy(members, one => one.registryId.split('/')[2])].map(
      ([, { length: writes }]) => (writes - size) / refillPerSecond,
    ),
  );
}

/** A campaign of many members, beside single operations of the same kind and an idle interval. */
async function measureCampaign(portal: Portal): Promise<void> {
  const registries = await pinned(portal, portal.readers[0]);
  const idle = (await idleCalls(portal)).length;
  // Single operations are spread over another such interval, which has as many sweeps.
  const until = performance.now() + IDLE_MS;
  const seconds: number[] = [];
  // The worst come first, and mostly their plans are blocked.
  for (const registry of registries.reverse()) {
    if (seconds.length === SINGLES) break;
    const took = await switchOne(portal, registry);
    if (took !== undefined) seconds.push(took);
  }
  await delay(Math.max(0, until - performance.now()));
  const single = ((await takeCalls(portal)).length - idle) / seconds.length;
  print(
    `  one operation: ${median(seconds).toFixed(1)} s, ${single.toFixed(1)} calls`,
  );

  const preview = await previewOf(
    portal,
    filterOf(await pinned(portal, portal.readers[0]), MEMBERS),
  );
  await takeCalls(portal);
  const began = performance.now();
  const { seconds: took, campaign } = await runCampaign(portal, preview);
  await delay(QUIET_MS);
  const calls = await takeCalls(portal);
  const ofIdle = (idle * (performance.now() - began)) / IDLE_MS;
  const members = await changing(portal, preview.id);
  const durations = members.map(durationOf);
  const each = (calls.length - ofIdle) / members.length;
  const floor = floorOfCampaign(campaign, members);
  print(`  ${members.length} members: ${campaign.message}`);
  print(`  ${took.toFixed(1)} s, at least ${floor.toFixed(1)} s`);
  const used = durations.reduce((sum, n) => sum + n, 0);
  print(
    `  from acceptance to proof ${median(durations).toFixed(1)} s; ${(used / took).toFixed(1)} at a time of ${STRATEGY.concurrency}`,
  );
  print(
    `  ${calls.length} calls, ${ofIdle.toFixed(0)} of them as when idle; ${each.toFixed(1)} a member`,
  );
  const succeeded = campaign.states.find(({ state }) => state === 'succeeded');
  const share = Math.min(1, PREVIEWED / members.length);
  judge('seconds of the preview', preview.seconds * share, '<=', 10);
  judge('members that succeeded', succeeded?.count ?? 0, '>=', members.length);
  judge('seconds / floor', took / floor, '<=', 1.3);
  judge('calls a member / calls of one operation', each / single, '<=', 1.1);
}

async function main(folder: string): Promise<void> {
  const trees = values.portal.length ? values.portal : [`${__dirname}/..`];
  const checkouts: (Sizes & {
    tree: string;
    figures: Record<string, Figures>;
  })[] = [];
  for (const [n, each] of trees.entries()) {
    const tree = path.resolve(each);
    print(`${tree} with ${values.world ?? `${LARGE} registries`}, ${load()}`);
    const start = (size: number) =>
      startPortal(tree, size, path.join(folder, `${n}-${size}`));
    const { portal: large, cold } = await start(LARGE);
    if (isWanted('cold')) {
      const { seconds, calls, reading, floor, processor } = cold;
      print(
        `  known after ${calls} calls, ${seconds.toFixed(1)} s after the start and ${reading.toFixed(1)} s after the first call; floor ${floor.toFixed(1)} s`,
      );
      for (const [name, ms] of Object.entries(processor)) {
        print(`  processor of ${name} with its start: ${ms / 1000} s`);
      }
      // A lower floor says more about the last answers than about the reading.
      judge('seconds / floor', reading / Math.max(floor, 30), '<=', 1.3);
      reportLooks(cold);
    }
    // Before the operations of `restart`, which ask Azure until the end.
    if (isWanted('idle')) {
      print(`idle of ${tree}`);
      await measureIdle(large);
    }
    const [small, medium] = [
      isWanted('tab') ? (await start(SMALL)).portal : large,
      isWanted('cpu') ? (await start(MEDIUM)).portal : large,
    ];
    checkouts.push({ tree, small, medium, large, figures: {} });
  }
  for (let round = 1; round <= Number(values.rounds); round += 1) {
    for (const part of Object.keys(MEASURES).filter(isWanted)) {
      for (const checkout of checkouts) {
        print(`round ${round}: ${part} of ${checkout.tree}, ${load()}`);
        const figures = (checkout.figures[part] ??= {});
        await MEASURES[part].round(checkout, (name, ...numbers) => {
          (figures[name] ??= []).push(...numbers);
        });
      }
    }
  }
  for (const { tree, large, figures } of checkouts) {
    for (const [part, each] of Object.entries(figures)) {
      print(`${part} of ${tree}`);
      MEASURES[part].report(each);
    }
    if (isWanted('campaign')) {
      print(`campaign of ${tree}`);
      await measureCampaign(large);
    }
  }
}

if (process.env.BENCH_BURST) {
  void runBursts(JSON.parse(process.env.BENCH_BURST));
} else {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'acr-cmk-bench-'));
  main(folder)
    .then(() => rmSync(folder, { recursive: true }))
    .catch(error => {
      console.error(error, `The logs are in ${folder}.`);
      process.exitCode = 2;
    })
    .finally(async () => {
      await Promise.all(started.map(child => child.stop()));
      process.exit();
    });
}
