/**
 * State after a backend is killed in the middle of everything, as people see it. One kill for all tests, since
 * the backend takes longer to start than any of them. The engine's tests (`crash.*.test.ts`) cover a crash at
 * each single write.
 */
import {
  accept,
  API,
  expect,
  openRegistry,
  operationState,
  Portal,
  registryId,
  stateOf,
  test,
} from './support';

/** The task resumes after 15 s without a heartbeat, the operations when their leases end. */
const TEST_TAKES = 360_000;
/** Time limit from a request or a restart to its effect, on a busy machine. */
const BACKEND_TAKES = 120_000;

const rotate = (portal: Portal, entity: string) =>
  accept(portal, 'olivia', {
    entity,
    registry: entity.replace('-', ''),
    intent: { kind: 'rotate' },
    reason: 'Killed in the middle',
  });

/** Starts the template for rotation, as the owner of catalog-images. */
async function startTask(portal: Portal): Promise<string> {
  const { status, body } = await portal.api(
    'daniel',
    'POST',
    '/api/scaffolder/v2/tasks',
    {
      templateRef: 'template:default/rotate-registry-key',
      values: {
        registry: {
          entityRef: 'resource:default/catalog-images',
          registryId: registryId('catalogimages'),
        },
        reason: 'Quarterly rotation',
      },
      secrets: {},
    },
  );
  expect(status, JSON.stringify(body)).toBe(201);
  return body.id;
}

/** Number of requests to Azure for a new version, by key, without challenges. */
async function rotations({ azure }: Portal): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { path, status } of await azure.requests()) {
    const [, key] = /^\/keys\/(\w+)\/rotate$/.exec(path) ?? [];
    if (key && status !== 401) counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

test('F2, F3: a backend killed in the middle of two rotations and of a task ends all three with one new version each; the open tab keeps its data meanwhile, and users and Azure are available again', async ({
  signedIn,
  portal,
}) => {
  test.setTimeout(TEST_TAKES);
  const { azure } = portal;
  const entities = ['shop-images', 'catalog-images', 'orders-images'];
  const keys = () =>
    Promise.all(
      entities.map(async entity => (await stateOf(portal, entity)).key),
    );
  const before = await keys();

  const page = await signedIn('olivia');
  await openRegistry(page, 'shop-images', '/encryption');
  const section = page.getByRole('region', { name: 'shopimages', exact: true });
  await expect(section.getByLabel('At a glance')).toBeVisible();

  // Two have made their version and cannot continue; the answer with the third version was lost.
  await azure.clearRequests();
  for (const registry of ['shopimages', 'catalogimages']) {
    await azure.addFault({
      method: 'PATCH',
      path: `*/registries/${registry}`,
      status: 503,
      times: 0,
    });
  }
  await azure.addFault({
    method: 'POST',
    path: '/keys/ordersimages/rotate',
    principal: 'rotator',
    lostAnswer: true,
  });
  const operations = [
    await rotate(portal, 'shop-images'),
    await rotate(portal, 'orders-images'),
  ];
  const task = await startTask(portal);
  await expect
    .poll(
      async () => {
        const seen = await azure.requests();
        const isHeld = (registry: string) =>
          seen.some(
            ({ method, path, status }) =>
              method === 'PATCH' && status === 503 && path.endsWith(registry),
          );
        return [
          isHeld('/shopimages'),
          isHeld('/catalogimages'),
          seen.some(
            ({ path, status }) =>
              path === '/keys/ordersimages/rotate' && status === undefined,
          ),
        ];
      },
      { timeout: BACKEND_TAKES },
    )
    .toEqual([true, true, true]);
  await portal.killBackend('SIGKILL');
  await azure.clearFaults();

  await expect(portal.token('olivia')).rejects.toThrow();
  await section.getByRole('button', { name: /^Refresh/ }).click();
  const outOfDate = page.getByText(/The last refresh failed/);
  await expect(outOfDate).toBeVisible({ timeout: BACKEND_TAKES });
  await expect(section.getByLabel('At a glance')).toBeVisible();

  await portal.startBackend();
  const taskPath = `/api/scaffolder/v2/tasks/${task}`;
  const taskStatus = async () =>
    (await portal.api('daniel', 'GET', taskPath)).body.status;
  expect(await taskStatus()).toBe('processing');
  await section.getByRole('button', { name: /^Refresh/ }).click();
  await expect(outOfDate).toBeHidden({ timeout: BACKEND_TAKES });
  const known = await portal.api(
    'olivia',
    'GET',
    '/api/catalog/entities/by-name/resource/default/shop-images',
  );
  expect([known.status, known.body.spec.owner]).toEqual([200, 'team-shop']);
  expect((await azure.pull('shopimages')).status).toBe(200);

  for (const id of operations) {
    await expect
      .poll(operationState(portal, id), { timeout: BACKEND_TAKES })
      .toBe('succeeded');
  }
  await expect.poll(taskStatus, { timeout: BACKEND_TAKES }).toBe('completed');
  const log = await portal.api('daniel', 'GET', `${taskPath}/events`);
  expect(log.body.map((event: any) => event.body.message).join('\n')).toMatch(
    /Resumes operation [0-9a-f-]{36}, which this task had begun/,
  );

  // Backstage's compression would hold a live stream back until it ends.
  const stream = await fetch(
    `${portal.url}${API}/operations/${operations[0]}/events`,
    {
      headers: {
        authorization: `Bearer ${await portal.token('olivia')}`,
        'accept-encoding': 'gzip',
      },
    },
  );
  expect(await stream.text()).toContain('event: operation');
  expect(stream.headers.get('content-encoding')).toBeNull();

  const after = await keys();
  after.forEach((key, n) => {
    expect(key.versions).toHaveLength(before[n].versions.length + 1);
    expect(key.versionInUse).toBe(key.latestVersion);
  });
  expect(await rotations(portal)).toEqual({
    shopimages: 1,
    catalogimages: 1,
    ordersimages: 1,
  });
});
