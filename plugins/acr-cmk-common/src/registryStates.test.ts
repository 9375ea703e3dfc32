import { apiSchema } from './apiSchema';
import { registryStateIds } from './registryStates';

it('every state that the API document names has its place in the order, once', () => {
  const { enum: named } = apiSchema('RegistryStateId') as { enum: string[] };
  expect([...registryStateIds].sort()).toEqual([...named].sort());
});
