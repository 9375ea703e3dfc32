import type { Plan } from 'backstage-plugin-acr-cmk-common';
import { FakeApi } from '../__testUtils__/FakeApi';
import { TestTask } from '../__testUtils__/TestTask';
import { createRevokeKeyAction } from './revokeKey';

const INPUT = {
  entityRef: 'resource:default/shop-images',
  reason: 'The key may have leaked',
};

describe('acr-cmk:key:revoke', () => {
  let api: FakeApi;
  let task: TestTask;
  const run = (input: object = {}, options = {}) =>
    task.run(
      createRevokeKeyAction(api.ports),
      { ...INPUT, ...input } as any,
      options,
    );
  const accepts = () =>
    api.requests.filter(one => one === 'POST /v1/operations').length;
  const takesKeyFrom = (alsoAffects: number, services = 0) => {
    const method = {
      method: 'role-assignment' as const,
      chosen: true,
      recommended: true,
      available: true,
      message: 'Deletes the role assignment.',
      reversible: 'At any time.',
      alsoAffects,
      services,
    };
    const consumer = (registryName: string, losesKey: boolean) => ({
      registryId: `/registries/${registryName}`,
      registryName,
      self: false,
      inCatalog: true,
      entities: [{ entityRef: `resource:default/${registryName}` }],
      hiddenEntities: 0,
      ...(losesKey && { effect: 'loses-key' as const }),
    });
    api.plan = {
      methods: [method],
      consumers: [
        consumer('loser', alsoAffects > 0),
        consumer('bystander', false),
      ],
    };
  };

  beforeEach(() => {
    api = new FakeApi();
    task = new TestTask();
  });

  it('asks for nothing when others would lose their key, and names them', async () => {
    takesKeyFrom(2);
    await expect(run()).rejects.toThrow(
      /^Nothing was requested: with role-assignment other registries lose their key too: loser \(resource:default\/loser\), 1 outside of the portal's scope\. Set affectOthers to true/,
    );
    expect(accepts()).toBe(0);
    expect(task.log).toContainEqual(
      expect.stringContaining('loses its key too: loser'),
    );
    expect(task.log).toContainEqual(
      expect.stringContaining('also affected: bystander'),
    );
  });

  it('says so in a dry run as well', async () => {
    takesKeyFrom(1);
    await expect(run({}, { isDryRun: true })).rejects.toThrow(
      /OTHERS_LOSE_KEY/,
    );
  });

  const sqlServer = (effect?: 'loses-key'): Pick<Plan, 'services'> => ({
    services: [
      {
        type: 'microsoft.sql/servers',
        service: 'SQL server',
        resources: [
          {
            id: '/servers/orders',
            name: 'orders',
            resourceGroup: 'rg-shop',
            subscriptionId: '1',
            location: 'westeurope',
            uses: [],
            identities: [],
            entities: [],
            hiddenEntities: 0,
            ...(effect && { effect }),
          },
        ],
        hiddenResources: 0,
      },
    ],
  });

  it('asks for nothing when another Azure service loses its key, and names it', async () => {
    takesKeyFrom(0, 1);
    api.plan = { ...api.plan, ...sqlServer('loses-key') };
    await expect(run()).rejects.toThrow(
      /^Nothing was requested: with role-assignment other Azure services lose a key too, or may: orders \(SQL server\)\. Set affectOthers to true/,
    );
    expect(accepts()).toBe(0);
  });

  it('asks for it when that is allowed', async () => {
    takesKeyFrom(2);
    await run({ affectOthers: true });
    expect(accepts()).toBe(1);
  });

  it('asks for it when another Azure service uses the key, and the method spares it', async () => {
    takesKeyFrom(0);
    api.plan = { ...api.plan, ...sqlServer() };
    await run();
    expect(accepts()).toBe(1);
  });

  it('asks for it when nobody else loses a key', async () => {
    takesKeyFrom(0);
    await run();
    expect(accepts()).toBe(1);
  });
});
