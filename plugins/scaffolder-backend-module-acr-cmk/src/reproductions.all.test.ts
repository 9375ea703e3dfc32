/** Templates that reach for what their person may not change, on the demo world with the sample's policy. */
import { setTimeout as delay } from 'node:timers/promises';
import { mockCredentials } from '@backstage/backend-test-utils';
import type { JsonObject } from '@backstage/types';
import {
  RESOURCE_GROUP,
  startPortal,
  type TestPortal,
} from './__testUtils__/portal';
import { TestTask } from './__testUtils__/TestTask';

// A whole backend and Azure start for each test; on a busy machine that takes seconds.
jest.setTimeout(60_000);

const TEAMS: Record<string, string> = {
  olivia: 'team-shop',
  daniel: 'team-payments',
  priya: 'platform-team',
};
const OWNED: Record<string, RegExp> = {
  olivia: /(shop|orders)-images|shared-base/,
  daniel: /catalog-images|shared-tools/,
};

describe('a template', () => {
  let portal: TestPortal;
  const start = async (config?: Record<string, unknown>) => {
    portal = await startPortal(config);
    portal.decide(
      (permission, entityRef = '', user) =>
        TEAMS[user] === 'platform-team' ||
        /^(catalog\.entity\.read|acr-cmk\.(use|registry\.(read|create)))$/.test(
          permission,
        ) ||
        (permission === 'acr-cmk.key.rotate' && OWNED[user].test(entityRef)),
    );
    portal.azure.clearRequests();
  };
  afterEach(() => portal.stop());

  const runAs = (
    user: string,
    action: string,
    input: JsonObject,
    task = new TestTask(),
  ) => {
    task.credentials = mockCredentials.user(`user:default/${user}`);
    return task.run(portal.action(`acr-cmk:${action}`), {
      reason: 'Say hello',
      ...input,
    });
  };
  const writes = () =>
    portal.writes().filter(one => !/checkNameAvailability$/.test(one));
  const existing = (name: string) => ({
    kind: 'existing',
    keyIdentifier: `https://kv-contoso-rbac.vault.azure.net/keys/${name}`,
  });

  it("does not point a registry at another team's key, and grants nothing at it", async () => {
    await start();
    await expect(
      runAs('daniel', 'key:rotate', {
        entityRef: 'resource:default/catalog-images',
        key: existing('shopimages'),
        grantAccess: true,
      }),
    ).rejects.toThrow(
      /resource:default\/catalog-images may not use the key shopimages of the vault kv-contoso-rbac/,
    );
    expect(writes()).toEqual([]);
  });

  it.each([
    ["in another team's name", 'shop-images', /acr-cmk\.key\.rotate/],
    ['with a key that is not open', 'daniel-images', /may not use/],
  ])('makes no registry %s', async (_what, entity, message) => {
    await start();
    await expect(
      runAs('daniel', 'registry:create', {
        entityRef: `resource:default/${entity}`,
        resourceGroupId: RESOURCE_GROUP,
        name: 'danielimages',
        location: 'westeurope',
        identity: { name: 'id-platform-shared' },
        key: existing('platform-shared'),
      }),
    ).rejects.toThrow(message);
    expect(writes()).toEqual([]);
  });

  it.each([undefined, 'shopimages'])(
    'takes no key away by itself, whoever runs it and whatever name stands in it: %s',
    async confirmation => {
      await start();
      await expect(
        runAs('priya', 'key:revoke', {
          entityRef: 'resource:default/shop-images',
          ...(confirmation && { confirmation }),
        }),
      ).rejects.toThrow(/acrCmk\.actions\.revoke is not true|confirmation/);
      expect(writes()).toEqual([]);
      expect(portal.azure.state.registry('shopimages').reach).toMatchObject({
        reaches: true,
      });
    },
  );

  it('only asks to rotate a key that others use, and holds up no revoke of it', async () => {
    await start();
    const api = async (method: string, path: string, body?: object) => {
      const response = await fetch(
        `http://127.0.0.1:${portal.backend.server.port()}/api/acr-cmk/v1${path}`,
        {
          method,
          headers: {
            'content-type': 'application/json',
            authorization: mockCredentials.user.header('user:default/priya'),
          },
          body: body && JSON.stringify(body),
        },
      );
      return response.json();
    };
    const task = new TestTask();
    const asks = runAs(
      'olivia',
      'key:rotate',
      { entityRef: 'resource:default/shared-base' },
      task,
    );
    const ended = asks.catch(error => error);
    const end = performance.now() + 60_000;
    const hasAsked = () =>
      task.log.some(line => /Operation .* is accepted/.test(line));
    while (!hasAsked() && performance.now() < end) {
      await delay(5);
    }
    expect(task.log.join('\n')).toMatch(/needs approval from/i);
    expect(writes()).toEqual([]);

    const plan = await api('POST', '/plans', {
      entityRef: 'resource:default/shared-tools',
      registryId: portal.azure.state.registry('sharedtools').id,
      intent: { kind: 'revoke', method: 'disable-version' },
    });
    expect(plan.blocked).toBe(false);
    const revoke = await api('POST', '/operations', {
      planId: plan.id,
      planHash: plan.hash,
      reason: 'The key may have leaked',
      idempotencyKey: 'revoke-beside-a-request',
      confirmation: 'sharedtools',
    });
    expect(revoke.state).toBe('queued');
    expect((await ended).message).toMatch(/no longer fits/);
  });
});
