import { apiSchema, comparableSchema } from 'backstage-plugin-acr-cmk-common';
import { createActions } from '.';

/** What a change asks for beside its intent: which registry, why, and how to go on. */
const BESIDE = [
  'entityRef',
  'registryId',
  'reason',
  'wait',
  // What a person is asked for in the tab by the list of affected registries.
  'affectOthers',
  // The ARM id of a registry that is to be made is put together from these.
  'resourceGroupId',
  'name',
];

describe('the input of the actions', () => {
  const actions = createActions({} as never);

  it.each([
    ['acr-cmk:key:rotate', 'RotateIntent'],
    ['acr-cmk:key:automatic-rotation', 'AutomaticRotationIntent'],
    ['acr-cmk:key:revoke', 'RevokeIntent'],
    ['acr-cmk:key:restore', 'RestoreIntent'],
    ['acr-cmk:registry:create', 'CreateRegistryIntent'],
  ] as const)('of %s accepts what %s of the API accepts', (id, name) => {
    const action = actions.find(one => one.id === id);
    const { properties, required } = comparableSchema(
      action?.schema?.input as never,
    ) as { properties: Record<string, unknown>; required: string[] };
    const intent = apiSchema(name) as typeof input;
    const input = {
      properties: Object.fromEntries(
        Object.entries(properties).filter(([field]) => !BESIDE.includes(field)),
      ),
      required: required.filter(field => !BESIDE.includes(field)),
    };
    const { kind, ...fields } = intent.properties;
    expect(kind).toBeDefined();
    expect(input).toEqual({
      properties: fields,
      required: intent.required.filter(field => field !== 'kind'),
    });
  });
});
