import type { Operation } from 'backstage-plugin-acr-cmk-common';
import { FakeApi } from '../__testUtils__/FakeApi';
import { TestTask } from '../__testUtils__/TestTask';
import { createReportCreatedAction, reportOf } from './reportCreated';

const GROUP =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop';
const REGISTRY = `${GROUP}/providers/Microsoft.ContainerRegistry/registries/newimages`;
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-new`;
const KEY = 'https://kv1.vault.azure.net/keys/newimages';

const step = (
  kind: string,
  target: string,
  state: Operation['steps'][number]['state'] = 'done',
) => ({
  index: 0,
  kind,
  title: `Did ${kind}`,
  target,
  writes: true,
  state,
  attempts: 1,
});

const operation = (
  steps: ReturnType<typeof step>[],
  state: Operation['state'] = 'succeeded',
) =>
  ({
    id: 'op-1',
    registryId: REGISTRY,
    steps,
    state,
    intent: {
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-new', create: true },
      key: { kind: 'new-key', vaultName: 'kv1', keyName: 'newimages' },
    },
  }) as unknown as Operation;

describe('what a creation has left in Azure', () => {
  const all = [
    step('create-identity', IDENTITY),
    step('create-key', KEY),
    step('create-registry', REGISTRY),
  ];

  it('names all that exists, how to adopt it and how to remove it', () => {
    const text = reportOf(operation(all), 'resource:default/new-images').join(
      '\n',
    );
    for (const { target } of all) expect(text).toContain(target);
    expect(text).toContain(
      `register the entity resource:default/new-images with the annotation azure.com/container-registry-id: ${REGISTRY}`,
    );
    expect(text).toContain(
      'az acr delete --name newimages --resource-group rg-shop',
    );
    expect(text).toContain(`az identity delete --ids ${IDENTITY}`);
    expect(text).toContain(`az keyvault key delete --id ${KEY}`);
  });

  it('offers to remove only what this operation made', () => {
    const text = reportOf(
      operation([
        step('create-identity', IDENTITY, 'unchanged'),
        step('create-registry', REGISTRY),
      ]),
      'resource:default/new-images',
    ).join('\n');
    expect(text).not.toMatch(/az identity delete|az keyvault key delete/);
  });

  it('says that nothing was made when nothing was', () => {
    expect(reportOf(operation([]), 'resource:default/new-images')).toEqual([
      'Nothing was made in Azure. There is nothing to adopt or remove.',
    ]);
  });

  it.each(['awaiting-approval', 'running'] as const)(
    'does not say that nothing was made while the operation is %s, and removes nothing',
    state => {
      const report = (steps: ReturnType<typeof step>[]) =>
        reportOf(operation(steps, state), 'resource:default/new-images').join(
          '\n',
        );
      expect(report([step('create-registry', REGISTRY, 'pending')])).toMatch(
        /^Operation op-1 has not ended: it is [^.]+\. It continues [^.]+ may still make the registry newimages/,
      );
      const begun = report([step('create-identity', IDENTITY)]);
      expect(begun).toContain(`Did create-identity: ${IDENTITY}`);
      expect(begun).not.toContain('az ');
    },
  );

  it('names a registry whose step wrote and failed as one that may exist', () => {
    const report = (attempts: number) =>
      reportOf(
        operation(
          [
            {
              ...step('create-registry', REGISTRY, 'failed'),
              attempts,
            },
          ],
          'failed',
        ),
        'resource:default/new-images',
      ).join('\n');
    expect(report(1)).toContain('may exist');
    expect(report(1)).toContain('az acr delete --name newimages');
    expect(report(1)).not.toContain('These exist');
    expect(report(0)).toContain('Nothing was made in Azure');
  });

  it('refuses the operation of another action', async () => {
    const api = new FakeApi();
    const task = new TestTask();
    const id = '6f1f6d0e-93a5-4d57-9d7a-3f7c2c1b9a10';
    api.operations.set(id, {
      ...operation(all),
      id,
      revision: 1,
      intent: { kind: 'rotate' },
    } as unknown as Operation);
    await expect(
      task.run(createReportCreatedAction(api.ports), {
        entityRef: 'resource:default/new-images',
        operationId: id,
      } as any),
    ).rejects.toThrow(/did not create a registry/);
  });

  it('gets the entity in the registry’s tag, and of no other that a template names', async () => {
    const api = new FakeApi();
    const id = '6f1f6d0e-93a5-4d57-9d7a-3f7c2c1b9a10';
    api.operations.set(id, {
      ...operation(all),
      id,
      revision: 1,
      entityRef: 'resource:default/new-images',
    } as Operation);
    const report = (entityRef: string) =>
      new TestTask().run(createReportCreatedAction(api.ports), {
        entityRef,
        operationId: id,
      });
    await expect(report('resource:default/other-images')).rejects.toThrow(
      `entityRef: is not the entity of operation ${id}`,
    );
    await report('new-images');
  });
});
