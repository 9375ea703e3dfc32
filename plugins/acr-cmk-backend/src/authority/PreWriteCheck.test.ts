import { FactsUnavailable } from 'backstage-plugin-acr-cmk-common';
import { situationWith } from '../__testUtils__/encryptedRegistries';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import type { AcrCmkConfig, Scope } from '../config';
import { PreWriteCheck } from './PreWriteCheck';
import { PreconditionUnavailable } from '../operations/engine/PreconditionUnavailable';
import type { Planner } from '../plans/Planner';
import type { OperationRecord } from '../operations/engine/types';

const ENTITY = 'resource:default/shop-images';
const { registry } = situationWith({
  registry: { tags: { 'backstage-entity-ref': ENTITY } },
});
const SCOPES: Scope[] = [
  { subscriptionId: '11111111-2222-4333-8444-555555555555' },
];

const operationOf = (kind: 'rotate' | 'create-registry') =>
  ({
    entityRef: ENTITY,
    plan: { registryId: registry.id, intent: { kind } },
  } as OperationRecord);

/** The last look, when this is what the others say. */
function lookWith(others: {
  scopes?: Scope[];
  changesSince?: Planner['changesSince'];
  stillNames?: CatalogLinks['stillNames'];
}) {
  return new PreWriteCheck({
    config: {
      scopes: others.scopes ?? SCOPES,
      bindings: new Map(),
    } as unknown as AcrCmkConfig,
    catalog: {
      stillNames: others.stillNames ?? (async () => true),
    } as CatalogLinks,
    planner: {
      changesSince:
        others.changesSince ?? (async () => ({ changes: [], registry })),
    } as Planner,
  });
}

describe('the last look before the first write', () => {
  it('finds nothing when all is as it was agreed to', async () => {
    expect(await lookWith({}).changes(operationOf('rotate'))).toEqual([]);
  });

  it.each(['rotate', 'create-registry'] as const)(
    'stops a %s that is out of scope now',
    async kind => {
      const changes = await lookWith({ scopes: [] }).changes(operationOf(kind));
      expect(changes.map(({ field }) => field)).toEqual(['scope']);
    },
  );

  it('stops when the entity names the registry no more', async () => {
    const changes = await lookWith({ stillNames: async () => false }).changes(
      operationOf('rotate'),
    );
    expect(changes.map(({ field }) => field)).toEqual(['entity']);
  });

  it.each([
    [
      'the catalog does not answer',
      {
        stillNames: async () => {
          throw new Error('away');
        },
      },
    ],
    [
      'Azure cannot be read',
      {
        changesSince: async () => {
          throw new FactsUnavailable('The registry', 'throttled');
        },
      },
    ],
  ])('cannot tell yet when %s', async (_what, others) => {
    await expect(
      lookWith(others).changes(operationOf('rotate')),
    ).rejects.toThrow(PreconditionUnavailable);
  });

  it('lets a fault of ours be one', async () => {
    const fault = new TypeError('x is undefined');
    await expect(
      lookWith({
        changesSince: async () => {
          throw fault;
        },
      }).changes(operationOf('rotate')),
    ).rejects.toBe(fault);
  });
});
