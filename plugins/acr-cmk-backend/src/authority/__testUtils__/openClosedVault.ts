import type { Emulator } from 'azure-emulator';

/** Lets requests through the firewall of the closed vault, so that only the gate keeps people from it. */
export async function openClosedVault(azure: Emulator): Promise<void> {
  const { status } = await azure.outOfBand(
    'PATCH',
    `https://management.azure.com${
      azure.state.vault('kv-contoso-closed').id
    }?api-version=2023-07-01`,
    { properties: { networkAcls: { defaultAction: 'Allow' } } },
  );
  if (status !== 200) throw new Error(`The firewall stays: ${status}`);
}
