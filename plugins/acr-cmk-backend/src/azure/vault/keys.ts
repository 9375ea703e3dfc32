import { createArmKeys } from './armKeys';
import type { AzureClients } from '../client';
import type { KeysPort } from '../ports';
import { createVaultKeys } from './vaultKeys';

/** Keys and their versions: as ARM shows them, and at the data plane. */
export function createKeys(clients: AzureClients): KeysPort {
  return { ...createArmKeys(clients), ...createVaultKeys(clients) };
}
