import type {
  Operation,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { InMemoryAcrCmk } from '../../../fixtures/InMemoryAcrCmk';
import { answerWith, registryWith } from '../../../fixtures/registry';
import { renderView } from '../../../__testUtils__/render';
import { EncryptionTab } from '../EncryptionTab';

/** Shows the tab of an entity with one registry, over a backend in memory. */
export function showTab(
  registry: RegistryEncryption = registryWith(),
  ...operations: Operation[]
): InMemoryAcrCmk {
  const api = new InMemoryAcrCmk({ answer: answerWith(registry), operations });
  renderView(<EncryptionTab />, { api });
  return api;
}
