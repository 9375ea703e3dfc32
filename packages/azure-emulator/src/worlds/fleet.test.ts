import { ARM, useEmulator } from '../__testUtils__/emulated';
import { startEmulator } from '../emulator';

describe('a fleet', () => {
  const azure = useEmulator({ world: 'fleet:1500' });
  const { call } = azure;
  const graph = `${ARM}/providers/Microsoft.ResourceGraph/resources`;

  it('is the same for the same seed and different for another', async () => {
    const names = async (seed: number) => {
      const emulator = await startEmulator({ world: 'fleet:60', seed });
      const found = emulator.state
        .registries()
        .map(name => emulator.state.registry(name).versionedKeyIdentifier);
      await emulator.close();
      return found;
    };
    const first = await names(7);
    expect(first).toHaveLength(60);
    expect(await names(7)).toEqual(first);
    expect(await names(8)).not.toEqual(first);
  });

  it('is listed in pages without gaps or duplicates', async () => {
    const { subscriptionId } = azure.emulator.ready;
    let url: string | undefined =
      `${ARM}/subscriptions/${subscriptionId}/providers/Microsoft.ContainerRegistry/registries`;
    const ids: string[] = [];
    let pages = 0;
    while (url) {
      const { json } = await call('reader', 'GET', url);
      const body = json as unknown as {
        value: { id: string }[];
        nextLink?: string;
      };
      ids.push(...body.value.map(({ id }) => id));
      url = body.nextLink;
      pages++;
    }
    expect(pages).toBe(5);
    expect(new Set(ids).size).toBe(1000);
  });

  it('is returned completely by Resource Graph, a thousand rows per page', async () => {
    const ask = (options: object) =>
      call('reader', 'POST', graph, {
        query:
          "resources | where type =~ 'Microsoft.ContainerRegistry/registries' | project id, tags",
        options,
      });
    const first = (await ask({})).json as unknown as Record<string, never>;
    expect(first).toMatchObject({
      totalRecords: 1500,
      count: 1000,
      resultTruncated: 'false',
    });
    const second = (await ask({ $skipToken: first.$skipToken })).json;
    expect(second).toMatchObject({ totalRecords: 1500, count: 500 });
    expect(second).not.toHaveProperty('$skipToken');
    expect((await ask({ $top: 1001 })).status).toBe(400);
  });

  it('subscriptions that the caller cannot see are left out silently', async () => {
    const { json } = await call('reader', 'POST', graph, {
      query: 'resourcecontainers | summarize n = count()',
      subscriptions: [
        azure.emulator.ready.subscriptionId,
        '00000000-0000-4000-8000-000000000000',
      ],
    });
    expect(json.count).toBe(1);
    const none = await call('reader', 'POST', graph, {
      query: 'resources',
      subscriptions: ['00000000-0000-4000-8000-000000000000'],
    });
    expect(none.status).toBe(403);
  });

  it('holds every state that a registry can be in', () => {
    const { state } = azure.emulator;
    const reaches = new Map<string, number>();
    for (const name of state.registries()) {
      const { reach, keyIdentifier, versionInUse } = state.registry(name);
      const kind = reach.reaches ? 'reaches' : reach.problem;
      const mode =
        !keyIdentifier || keyIdentifier.includes(versionInUse!)
          ? 'manual or none'
          : 'automatic';
      for (const each of [kind, mode])
        reaches.set(each, (reaches.get(each) ?? 0) + 1);
    }
    expect([...reaches.keys()]).toEqual(
      expect.arrayContaining([
        'reaches',
        'access',
        'firewall',
        'manual or none',
        'automatic',
      ]),
    );
    expect(reaches.get('reaches')!).toBeGreaterThan(1200);
  });
});

describe('the versions in use of a fleet', () => {
  const azure = useEmulator({ world: 'fleet:1000' });

  it('are the newest of their keys, but for few keys: each costs the portal a call in every interval', () => {
    const { state } = azure.emulator;
    const older = new Map<string, boolean>();
    for (const name of state.registries()) {
      const { versionedKeyIdentifier } = state.registry(name);
      const [, vault, key, version] =
        /^https:\/\/([^.]+)\.[^/]+\/keys\/([^/]+)\/(.+)$/.exec(
          versionedKeyIdentifier ?? '',
        ) ?? [];
      if (!vault) continue;
      const { latest } = state.key(vault, key);
      const id = `${vault}/${key}`;
      older.set(id, older.get(id) || version !== latest);
    }
    const few = [...older.values()].filter(Boolean).length;
    expect(few).toBeGreaterThan(older.size * 0.03);
    expect(few).toBeLessThan(older.size * 0.07);
  });
});

describe('a fleet beside the demo', () => {
  const azure = useEmulator({ world: 'demo-fleet:60' });

  it('has the registries of both, those of the fleet with an owner', async () => {
    const listed = await fetch(
      new URL('/registries', azure.emulator.ready.proxy),
    );
    const registries = (await listed.json()) as {
      name: string;
      tags: Record<string, string>;
    }[];
    const owned = registries.filter(({ tags }) => tags.owner);
    // Ten of them where no principal may read.
    expect(owned).toHaveLength(70);
    const others = registries.filter(({ tags }) => !tags.owner);
    expect(others.map(({ name }) => name)).toContain('shopimages');
    expect(registries).toHaveLength(azure.emulator.state.registries().length);
  });

  it('is read except for its last subscription', async () => {
    const { json } = await azure.call(
      'reader',
      'POST',
      `${ARM}/providers/Microsoft.ResourceGraph/resources`,
      {
        query:
          "resources | where type =~ 'Microsoft.ContainerRegistry/registries' | project subscriptionId, tags",
      },
    );
    const rows = json.data as unknown as {
      subscriptionId: string;
      tags: Record<string, string>;
    }[];
    const fleet = rows.filter(({ tags }) => tags?.owner);
    expect(fleet).toHaveLength(60);
    expect(
      [...new Set(fleet.map(({ subscriptionId }) => subscriptionId))].sort(),
    ).toEqual(
      [1, 2, 3, 4].map(
        number => `22222222-3333-4444-8555-00000000000${number}`,
      ),
    );
  });
});
