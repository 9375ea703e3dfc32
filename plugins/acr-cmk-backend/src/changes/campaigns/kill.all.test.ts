/** A campaign whose backend is killed at its boundaries: a real process, a real signal, and another one after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mockCredentials } from '@backstage/backend-test-utils';
import { type Emulator, startEmulator } from 'azure-emulator';
import {
  AcrCmkClient,
  type CampaignApi,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import {
  connectTo,
  PostgresDatabases,
  type ProcessDatabase,
} from '../../__testUtils__/databases';
import {
  ACCEPTED,
  addDeath,
  deathsIn,
  WORKER_BOUNDARIES,
} from '../../__testUtils__/deaths';
import { resource } from '../../__testUtils__/demoWorld';
import { credentialsOf } from '../../__testUtils__/engine';
import type {
  ReplicaReady,
  ReplicaSettings,
} from '../../__testUtils__/replica';
import { TestProcess } from '../../__testUtils__/TestProcess';
import { until } from '../../__testUtils__/until';
import { AuditLog } from '../../platform/audit/AuditLog';
import { DatabaseClock } from '../../platform/database/clock';
import {
  once,
  patchesIn,
  pinnedIn,
  RUNNER_BOUNDARIES,
} from './__testUtils__/campaignWorld';
import { outcomeOf, sumOf } from './__testUtils__/outcome';
import { CampaignStore } from './CampaignStore';

// Dozens of processes, one after the other.
jest.setTimeout(3_600_000);

/** Members. Each costs about three processes; `KILL_MEMBERS` sets another number. */
const SIZE = Number(process.env.KILL_MEMBERS ?? 12);
/** Positions of members whose write Azure makes without an answer: the process is killed meanwhile. */
const LOST = [1, 2, 3, 4].map(fifth => Math.floor((fifth * SIZE) / 5));
const LOST_ANSWER = 'after registries.updateEncryption';
/** The longest of what a process takes until its death. */
const LONG_MS = 120_000;
/** More than a lease and a call to Azure. */
const LATER_MS = 300_000;
const OLIVIA = mockCredentials.user.header('user:default/olivia');

const postgres = new PostgresDatabases();
const folder = mkdtempSync(join(tmpdir(), 'acr-cmk-kill-'));
let azure: Emulator;
beforeAll(async () => {
  azure = await startEmulator({ world: 'fleet:300' });
});
afterAll(async () => {
  await postgres.stop();
  await azure.close();
  rmSync(folder, { recursive: true });
});

describe.each([
  {
    name: 'SQLite',
    create: async () => ({ filename: join(folder, 'acr-cmk.sqlite') }),
  },
  { name: 'PostgreSQL', create: () => postgres.create() },
])('a campaign whose backend is killed, on $name', ({ name, create }) => {
  const deaths = join(folder, `${name}.jsonl`);
  let database: ProcessDatabase;
  let db: Knex;
  let backend: TestProcess<ReplicaReady> | undefined;
  let fleet: ReplicaSettings['fleet'];
  beforeEach(async () => {
    azure.reset();
    database = await create();
    db = connectTo(database);
    const registries = pinnedIn(azure).map(one =>
      azure.state.registry(one.name),
    );
    const subscriptions = registries.map(
      ({ id }) => RegistryId.parse(id).subscriptionId,
    );
    fleet = {
      scopes: [...new Set(subscriptions)].map(id => `/subscriptions/${id}`),
      entities: registries.map(one => resource(one.name, one.id)),
      bindings: registries.map(one => ({
        registryId: one.id,
        entityRef: `resource:default/${one.name}`,
      })),
    };
  });
  afterEach(async () => {
    await backend?.kill();
    await db.destroy();
  });

  async function start(options: Pick<ReplicaSettings, 'deaths'> = {}) {
    const { proxy, caFile } = azure.ready;
    const credentials = credentialsOf(azure);
    backend = await TestProcess.start<ReplicaSettings, ReplicaReady>(
      'replica.ts',
      { ...options, database, credentials, fleet },
      { HTTPS_PROXY: proxy, NODE_EXTRA_CA_CERTS: caFile },
    );
    return backend;
  }

  const campaignsOf = ({ ready: { port } }: TestProcess<ReplicaReady>) =>
    new AcrCmkClient({
      baseUrl: `http://127.0.0.1:${port}/api/acr-cmk`,
      fetch: (url, init) =>
        fetch(url, {
          ...init,
          headers: { ...init?.headers, Authorization: OLIVIA },
        }),
    }).campaigns;

  async function preview(campaigns: CampaignApi, registryIds: string[]) {
    const { id } = await campaigns.create({
      intent: { kind: 'automatic-mode' },
      selection: { registryIds },
    });
    const { hash } = await until(
      'its members are planned',
      () => campaigns.get(id),
      ({ state }) => state === 'preview',
      LONG_MS,
    );
    const { items } = await campaigns.members(id, { limit: 200 });
    const changing = items.filter(({ outcome }) => outcome === 'change');
    return { id, hash: hash!, changing };
  }

  /** A preview whose members all change. Its backend is killed. */
  async function previewAndKill() {
    const first = await start();
    const campaigns = campaignsOf(first);
    // Some cannot be changed, such as those whose version has expired.
    const { changing } = await preview(
      campaigns,
      fleet!.bindings.map(({ registryId }) => registryId),
    );
    const { id, hash } = await preview(
      campaigns,
      changing.slice(0, SIZE).map(({ registryId }) => registryId),
    );
    await first.kill();
    return { id, hash, names: changing.slice(0, SIZE).map(one => one.name) };
  }

  /** A registry that Azure has changed without an answer. */
  const lostIn = (names: readonly string[]) =>
    names.find(one =>
      azure
        .requests()
        .some(
          ({ method, path, status }) =>
            method === 'PATCH' &&
            status === undefined &&
            path.endsWith(`/registries/${one}`),
        ),
    );

  /** Lets one process work until it dies, or the campaign has ended. */
  async function work(
    { id, hash }: { id: string; hash: string },
    lost: readonly string[],
  ) {
    const worker = await start({ deaths });
    const campaigns = campaignsOf(worker);
    await Promise.race([worker.work(), worker.ended()]);
    const isEnded = async () => {
      const { state } = await campaigns.get(id);
      if (state === 'preview') {
        await campaigns.start(id, {
          hash,
          strategy: { stages: [{ count: 1 }, {}], concurrency: 5 },
          reason: 'They never follow new versions',
        });
      }
      return state === 'ended';
    };
    await until(
      'the process has died, or the campaign has ended',
      async () => {
        const at = lostIn(lost);
        if (at !== undefined && worker.isRunning) {
          await worker.kill();
          addDeath(deaths, { boundary: LOST_ANSWER, at });
        }
        return (await isEnded().catch(() => false)) || !worker.isRunning;
      },
      over => over,
      LONG_MS,
    );
    return worker.isRunning;
  }

  /** Starts one process after the other, until the campaign has ended. @returns writes in Azure's log */
  async function workThroughDeaths(
    campaign: { id: string; hash: string },
    lost: readonly string[],
  ) {
    let patches: Record<string, number> = {};
    for (;;) {
      let isOver = false;
      const before = deathsIn(deaths).length;
      try {
        isOver = await work(campaign, lost);
      } catch (error) {
        // It may die before it is ready.
        if (deathsIn(deaths).length === before) throw error;
      }
      // The log is not long enough for all requests.
      patches = sumOf(patches, patchesIn(azure));
      azure.clearRequests();
      if (isOver) return patches;
      // The next one starts when the leases of this one are over.
      await db('operations')
        .whereNotNull('lease_until')
        .update({ lease_until: db.raw('lease_until - ?', [LATER_MS]) });
    }
  }

  it('goes on to a whole report, with each member written once, wherever its process dies', async () => {
    const { names, ...campaign } = await previewAndKill();
    expect(names).toHaveLength(SIZE);
    const lost = LOST.map(position => names[position - 1]);
    for (const one of lost) {
      azure.faults.add({
        method: 'PATCH',
        path: `*/registries/${one}`,
        lostAnswer: true,
      });
    }
    azure.clearRequests();
    const patches = await workThroughDeaths(campaign, lost);

    const report = await campaignsOf(backend!).report(campaign.id);
    await backend!.kill();
    const audit = new AuditLog({ db, clock: new DatabaseClock(db) });
    const outcome = await outcomeOf(
      {
        store: new CampaignStore({ db }),
        engine: { db, audit },
        patches: () => patches,
      },
      campaign.id,
    );
    expect(outcome).toMatchObject({
      report: {
        campaign: {
          state: 'ended',
          message: `Ended. All ${SIZE} members succeeded`,
        },
      },
      operations: names.map(() => ({ state: 'succeeded' })),
      records: [
        { event: 'campaign-started' },
        { event: 'campaign-stage-opened', stage: 1 },
        { event: 'campaign-stage-opened', stage: 2 },
        { event: 'campaign-ended' },
      ],
    });
    expect(outcome.patches).toEqual(once(names));
    expect(report.members).toMatchObject(
      names.map(one => ({
        member: { name: one, state: 'succeeded' },
        records: expect.arrayContaining([expect.any(Number)]),
      })),
    );
    const seen = deathsIn(deaths).map(({ boundary }) => boundary);
    expect([...new Set(seen)]).toEqual(
      expect.arrayContaining([
        ...RUNNER_BOUNDARIES,
        ...WORKER_BOUNDARIES,
        LOST_ANSWER,
      ]),
    );
    expect(seen.filter(one => one === ACCEPTED)).toHaveLength(SIZE);
    expect(seen.length).toBeGreaterThan(2 * SIZE);
  });
});
