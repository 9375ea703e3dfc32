import { setTimeout as delay } from 'node:timers/promises';
import { mockCredentials } from '@backstage/backend-test-utils';
import { parse } from 'yaml';
import {
  registryId,
  startPortal,
  type TestPortal,
} from './__testUtils__/portal';
import { TestTask } from './__testUtils__/TestTask';

// A whole backend and Azure start; on a busy machine that takes seconds.
jest.setTimeout(60_000);

describe('the actions, on a backend with an Azure', () => {
  let portal: TestPortal;
  let task: TestTask;
  // One for all: no two of the tests change the same registry.
  beforeAll(async () => {
    portal = await startPortal();
  });
  beforeEach(() => {
    portal.decide(() => true);
    task = new TestTask();
  });
  afterAll(() => portal.stop());

  const reach = (name: string) =>
    portal.azure.state.registry(name).reach?.reaches;

  it('are eight, each with dry run, outputs and examples that name inputs which there are', () => {
    expect(portal.actions.map(({ id }) => id).sort()).toEqual([
      'acr-cmk:entity:await',
      'acr-cmk:key:automatic-rotation',
      'acr-cmk:key:restore',
      'acr-cmk:key:revoke',
      'acr-cmk:key:rotate',
      'acr-cmk:registry:create',
      'acr-cmk:registry:report',
      'acr-cmk:state:get',
    ]);
    for (const action of portal.actions) {
      expect(action.supportsDryRun).toBe(true);
      expect(action.schema?.output).toBeDefined();
      const known = Object.keys(action.schema?.input?.properties ?? {});
      expect(action.examples?.length).toBeGreaterThan(0);
      for (const { example } of action.examples ?? []) {
        const [step] = parse(example).steps;
        expect(step.action).toBe(action.id);
        expect(known).toEqual(expect.arrayContaining(Object.keys(step.input)));
        for (const field of (action.schema?.input?.required as string[]) ??
          []) {
          expect(step.input).toHaveProperty(field);
        }
      }
    }
  });

  it('rotate as the person who started the task: one new version, in use', async () => {
    const before = portal.azure.state.registry('shopimages').versionInUse;
    portal.azure.clearRequests();
    const outputs = await task.run(portal.action('acr-cmk:key:rotate'), {
      entityRef: 'resource:default/shop-images',
      reason: 'Quarterly rotation',
    });
    const after = portal.azure.state.registry('shopimages').versionInUse;
    expect(after).not.toBe(before);
    expect(outputs).toMatchObject({
      state: 'succeeded',
      versionBefore: before,
      versionAfter: after,
      registryId: registryId('shopimages'),
      link: '/catalog/default/resource/shop-images/encryption',
    });
    expect(
      portal.writes().filter(one => one === 'POST /keys/shopimages/rotate'),
    ).toHaveLength(1);
    // Once more, as after a crash: it is done already.
    portal.azure.clearRequests();
    const again = await task.run(portal.action('acr-cmk:key:rotate'), {
      entityRef: 'resource:default/shop-images',
      reason: 'Quarterly rotation',
    });
    expect(again.operationId).toBe(outputs.operationId);
    expect(portal.writes()).toEqual([]);
  });

  it('do not revoke unless programs may ask for it', async () => {
    portal.azure.clearRequests();
    await expect(
      task.run(portal.action('acr-cmk:key:revoke'), {
        entityRef: 'resource:default/orders-images',
        reason: 'Credentials of the build were stolen',
      }),
    ).rejects.toThrow(/acrCmk\.actions\.revoke is not true/);
    expect(portal.writes()).toEqual([]);
    expect(reach('ordersimages')).toBe(true);
  });

  it.each([false, true])(
    'refuse a revoke there, dry run: %s',
    async isDryRun => {
      await expect(
        task.run(
          portal.action('acr-cmk:key:revoke'),
          {
            entityRef: 'resource:default/orders-images',
            reason: 'Credentials of the build were stolen',
          },
          { isDryRun },
        ),
      ).rejects.toThrow(/acrCmk\.actions\.revoke is not true/);
    },
  );

  it('read a state without changing anything, also in a dry run', async () => {
    portal.azure.clearRequests();
    const outputs = await task.run(
      portal.action('acr-cmk:state:get'),
      {
        entityRef: 'resource:default/shop-suite',
        registryId: registryId('ordersimages').toUpperCase(),
      },
      { isDryRun: true },
    );
    expect(outputs).toMatchObject({
      state: 'current',
      registryId: registryId('ordersimages'),
      versionInUse: portal.azure.state.registry('ordersimages').versionInUse,
      findings: expect.any(Array),
    });
    expect(portal.writes()).toEqual([]);
  });

  it('have the vault rotate a key, and the registry follow', async () => {
    const input = {
      entityRef: 'resource:default/orders-images',
      reason: 'Keys rotate every quarter',
    };
    const id = 'acr-cmk:key:automatic-rotation';
    const outputs = await task.run(portal.action(id), {
      ...input,
      rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } },
    });
    expect(outputs).toMatchObject({ state: 'succeeded' });
    const { keyIdentifier } = portal.azure.state.registry('ordersimages');
    expect(keyIdentifier).toMatch(/\/keys\/ordersimages$/);
    await expect(
      task.run(portal.action(id), {
        ...input,
        rotation: { kind: 'on', policy: { timeAfterCreate: 'P6D' } },
      }),
    ).rejects.toThrow(
      'intent.rotation.policy.timeAfterCreate: is at least 7 days',
    );
  });

  it.each([
    ['acr-cmk:key:rotate', {}],
    [
      'acr-cmk:key:automatic-rotation',
      { rotation: { kind: 'on', policy: { timeAfterCreate: 'P90D' } } },
    ],
  ])('write nothing in a dry run: %s', async (id, more) => {
    portal.azure.clearRequests();
    const outputs = await task.run(
      portal.action(id),
      {
        entityRef: 'resource:default/shop-images',
        reason: 'Only looking',
        ...more,
      },
      { isDryRun: true },
    );
    expect(outputs.state).toBe('planned');
    expect(task.log.join('\n')).toContain(outputs.planHash);
    expect(portal.writes()).toEqual([]);
  });

  it('fail with the message of the tab when the person lacks the permission', async () => {
    portal.decide(permission => permission !== 'acr-cmk.key.rotate');
    task.credentials = mockCredentials.user('user:default/daniel');
    portal.azure.clearRequests();
    await expect(
      task.run(portal.action('acr-cmk:key:rotate'), {
        entityRef: 'resource:default/shop-images',
        reason: 'Quarterly rotation',
      }),
    ).rejects.toThrow(
      /^You need the permission acr-cmk\.key\.rotate on resource:default\/shop-images.*\(PERMISSION_MISSING\)$/,
    );
    expect(portal.writes()).toEqual([]);
  });

  it.each([
    ['entityRef', { entityRef: 'a:b:c/d' }],
    ['registryId', { registryId: 'shopimages' }],
    ['reason', { reason: '=HYPERLINK()' }],
    [
      'keyIdentifier',
      { key: { kind: 'existing', keyIdentifier: 'https://evil.test/keys/a' } },
    ],
  ])('refuse bad input with the name of the field: %s', async (field, bad) => {
    portal.azure.clearRequests();
    await expect(
      task.run(portal.action('acr-cmk:key:rotate'), {
        entityRef: 'resource:default/shop-images',
        reason: 'Quarterly rotation',
        ...bad,
      } as any),
    ).rejects.toThrow(new RegExp(`${field}.*\\(INVALID_INPUT\\)`));
    expect(portal.writes()).toEqual([]);
  });
});

describe('an operation that needs a second person', () => {
  it('is followed until that person has typed the name and approved, then undone', async () => {
    const portal = await startPortal({ actions: { revoke: true } });
    try {
      const task = new TestTask();
      const running = task.run(portal.action('acr-cmk:key:revoke'), {
        entityRef: 'resource:default/orders-images',
        reason: 'Credentials of the build were stolen',
      });
      const request = (path: string, body?: object) =>
        fetch(
          `http://127.0.0.1:${portal.backend.server.port()}/api/acr-cmk/v1/operations${path}`,
          {
            method: body ? 'POST' : 'GET',
            headers: {
              'content-type': 'application/json',
              authorization: mockCredentials.user.header('user:default/paul'),
            },
            body: body && JSON.stringify(body),
          },
        ).then(response => response.json());
      const waits = () =>
        task.log.find(line => /Waits for a second person/.test(line));
      const end = performance.now() + 60_000;
      while (!waits() && performance.now() < end) {
        await delay(5);
      }
      expect(task.log).toContainEqual(
        expect.stringMatching(/Waits for a second person/),
      );
      expect(portal.azure.state.registry('ordersimages').reach).toMatchObject({
        reaches: true,
      });
      const { items } = await request(
        '?entityRef=resource:default/orders-images',
      );
      await request(`/${items[0].id}/approve`, {
        planHash: items[0].plan.hash,
        confirmation: items[0].approval.typedName,
      });
      expect(await running).toMatchObject({ state: 'succeeded' });
      expect(portal.azure.state.registry('ordersimages').reach).toMatchObject({
        reaches: false,
      });
      expect(task.log).toContainEqual(
        expect.stringMatching(/Approved by user:default\/paul/),
      );
      const back = await task.run(portal.action('acr-cmk:key:restore'), {
        entityRef: 'resource:default/orders-images',
        operationId: items[0].id,
        reason: 'The incident is over',
      });
      expect(back.state).toBe('succeeded');
    } finally {
      await portal.stop();
    }
  });
});
