import { openApiDocument } from './generated/api';
import { registryStateIds } from './registryStates';

it('every state that the API document names has its place in the order, once', () => {
  const { enum: named } = openApiDocument.components.schemas.RegistryStateId;
  expect([...registryStateIds].sort()).toEqual([...named].sort());
});
