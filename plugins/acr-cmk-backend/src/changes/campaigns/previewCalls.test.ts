import { type Emulator, startEmulator } from 'azure-emulator';
import type { CampaignIntent } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { openSqlite } from '../../__testUtils__/databases';
import {
  resource,
  startPortal,
  SUBSCRIPTION,
  type TestPortal,
} from '../../__testUtils__/portal';
import { until } from '../../__testUtils__/until';

const SIZE = 60;
const IDENTITY: CampaignIntent = { kind: 'identity', identity: 'system' };

describe(`a preview of ${SIZE} registries`, () => {
  let azure: Emulator;
  let db: Knex;
  let portal: TestPortal;
  const asked = { catalog: 0, policy: 0 };
  beforeAll(async () => {
    azure = await startEmulator({ world: `fleet:${SIZE}` });
    const config = { scopes: [`/subscriptions/${SUBSCRIPTION}`] };
    const listed = async (of: Knex) =>
      until(
        'all registries are listed',
        () => of('registries').whereNotNull('facts').select('id', 'facts'),
        rows => rows.length === SIZE,
        30_000,
      );
    const before = await openSqlite();
    const first = await startPortal({ azure, config, db: before });
    const facts = (await listed(before)).map(row => JSON.parse(row.facts!));
    await first.stop();

    db = await openSqlite();
    portal = await startPortal({
      azure,
      config,
      db,
      entities: facts.map(({ name, id }) => resource(name, id)),
      onCatalogCall: () => {
        asked.catalog += 1;
      },
      onPermissionCall: () => {
        asked.policy += 1;
      },
    });
    await listed(db);
    await until(
      'the catalog is read',
      () => db('links').where({ source: 'annotation' }).select('entity_ref'),
      links => links.length === SIZE,
      30_000,
    );
  });
  afterAll(async () => {
    await portal.stop();
    await azure.close();
  });

  const preview = async () => {
    const from = azure.requests().length;
    const { id } = await portal.as().campaigns.create({
      intent: IDENTITY,
      selection: { filter: {} },
    });
    await until(
      'the preview is complete',
      () => db('campaigns').where({ id }).first('state'),
      row => row?.state === 'preview',
      60_000,
    );
    return {
      planned: await db('campaign_members')
        .where({ campaign_id: id })
        .whereNot({ outcome: 'unlinked' })
        .select('name'),
      calls: azure
        .requests()
        .slice(from)
        .map(({ method, path }) => `${method} ${path.split('?')[0]}`),
    };
  };

  it('asks about locks once for a subscription, and about rights once for a resource group', async () => {
    const { planned, calls } = await preview();
    expect(planned.length).toBeGreaterThan(SIZE / 2);
    const ending = (end: string) => calls.filter(call => call.endsWith(end));
    expect(ending('/locks')).toEqual([
      `GET /subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization/locks`,
    ]);
    const rights = ending('/permissions');
    expect(new Set(rights).size).toBe(rights.length);
    expect(rights.length).toBeLessThan(10);
  });

  it('asks Azure for nothing, and catalog and policy a few times, once the facts are known', async () => {
    Object.assign(asked, { catalog: 0, policy: 0 });
    const { calls } = await preview();
    expect(calls).toEqual([]);
    expect(asked.catalog).toBeLessThan(8);
    expect(asked.policy).toBeLessThan(8);
  });
});
