import {
  type Emulator,
  type EmulatorOptions,
  startEmulator,
  trustInThisProcess,
} from 'azure-emulator';
import type { AzurePorts } from '../azure/ports';
import { portsTo } from './engine';

/** The emulated Azure, and the product's clients of it. */
export interface TestAzure {
  emulator: Emulator;
  ports: AzurePorts;
}

/** Starts an Azure before the tests of a file, or of a `describe`, and stops it after them. */
export function useAzure(options: Partial<EmulatorOptions> = {}): TestAzure {
  const azure = {} as TestAzure;
  let disconnect: () => void;
  beforeAll(async () => {
    azure.emulator = await startEmulator({
      world: 'demo',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
      ...options,
    });
    disconnect = trustInThisProcess(azure.emulator);
    azure.ports = portsTo(azure.emulator);
  });
  afterAll(async () => {
    disconnect();
    await azure.emulator.close();
  });
  return azure;
}
