import type { Emulator } from 'azure-emulator';
import { asAdmin } from '../../../__testUtils__/asAdmin';

/** Lets requests through the firewall of the closed vault, so that only the gate keeps people from it. */
export const openClosedVault = (azure: Emulator) =>
  asAdmin(azure).changeVault('kv-contoso-closed', {
    networkAcls: { defaultAction: 'Allow' },
  });
