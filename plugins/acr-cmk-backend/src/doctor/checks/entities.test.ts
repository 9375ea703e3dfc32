import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { registryId } from '../../__testUtils__/demoWorld';
import {
  SCOPE,
  portsWith,
  linesOf,
  verdictOf,
  GROUP,
  entity,
} from '../__testUtils__/doctorWorld';

it('does not say that an entity is out of scope while the subscriptions of a group are not known', async () => {
  const { status, message } = await verdictOf(
    'entities',
    portsWith({
      acrCmk: { scopes: [SCOPE, GROUP] },
      backend: entity([
        { id: RegistryId.parse(registryId('shopimages', 'rg-other')) },
      ]),
    }),
  );
  expect([status, message]).toEqual([
    'unknown',
    'resource:default/other: could not determine whether shopimages is in acrCmk.scopes.',
  ]);
});

const MISSPELT = {
  entityRef: 'resource:default/other',
  annotation: 'azure.com/container-registy-id',
};

it.each([
  ['though others are right', undefined],
  ['and no other sentence where nothing is annotated', async () => []],
])('names an annotation that is misspelt, %s', async (_what, entities) => {
  const lines = await linesOf(
    'entities',
    portsWith({
      backend: {
        ...(entities && { entities }),
        misspeltAnnotations: async () => [MISSPELT],
      },
    }),
  );
  expect(lines).toEqual([
    {
      status: 'warning',
      message:
        'resource:default/other: the annotation azure.com/container-registy-id has the ARM id of a registry, and acr-cmk does not read it.',
      remedy: expect.stringMatching(
        /^If it is misspelt, rename it to azure\.com\/container-registry-id\. See docs/,
      ),
    },
  ]);
});

it('says twenty lines about many entities, and how many more there are', async () => {
  const lines = await linesOf(
    'entities',
    portsWith({
      backend: entity(
        Array.from({ length: 25 }, () => ({ text: 'x', problem: 'wrong' })),
      ),
    }),
  );
  expect(lines).toHaveLength(21);
  expect(lines[20].message).toContain('5 more');
});
