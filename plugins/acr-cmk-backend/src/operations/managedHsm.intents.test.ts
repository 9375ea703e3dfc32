import {
  trustInThisProcess,
  type Emulator,
  startEmulator,
} from 'azure-emulator';
import { registryId } from '../__testUtils__/demoWorld';
import { useDocumentedRoles } from '../__testUtils__/documentedRoles';
import { saysVault } from '../__testUtils__/encryptedRegistries';
import { portsTo, startEngine } from '../__testUtils__/engine';
import { hsmIntentCases } from '../__testUtils__/hsmIntentCases';
import { intentOf, stateBefore } from '../__testUtils__/intentCase';
import type { AzurePorts } from '../azure/ports';

jest.setTimeout(60_000);

describe('every intent on a key in a Managed HSM, with the rights of docs/roles and no more', () => {
  let azure: Emulator;
  let disconnect: () => void;
  let ports: AzurePorts;
  beforeAll(async () => {
    azure = await startEmulator({
      world: 'demo-hsm',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
    });
    disconnect = trustInThisProcess(azure);
    ports = portsTo(azure);
  });
  beforeEach(async () => {
    azure.reset();
    await useDocumentedRoles(azure);
  });
  afterAll(async () => {
    disconnect();
    await azure.close();
  });

  /** What was changed in Azure, without tokens and the challenges of Key Vault. */
  const writes = () =>
    azure
      .requests()
      .filter(
        ({ method, path, status }) =>
          method !== 'GET' &&
          status !== 401 &&
          !/\/token$|\/checkNameAvailability/.test(path),
      )
      .map(({ method, path }) => `${method} ${path.split('?')[0]}`);

  it.each(hsmIntentCases)('$name', async wanted => {
    const engine = await startEngine(
      ports,
      undefined,
      azure,
      wanted.turnSeconds ?? 600,
    );
    try {
      await wanted.given?.(engine, azure);
      const before = stateBefore(azure, wanted);
      azure.clearRequests();
      const { id, plan } = await engine.accept(
        registryId(wanted.registry, wanted.group),
        intentOf(azure, wanted),
      );
      const operation = await engine.runToEnd(id);
      expect([operation.state, operation.result]).toEqual([
        'succeeded',
        { message: expect.any(String) },
      ]);
      expect(writes()).toEqual(
        wanted.writes.map(write => expect.stringMatching(write)),
      );
      wanted.expectDone(azure, before);
      expect(
        plan.checks.filter(({ status }) =>
          ['fail', 'unknown'].includes(status),
        ),
      ).toEqual([]);
      // One of them moves between the HSM and a vault, and says both.
      const inBoth = /from (a vault|the HSM) to/.test(wanted.name);
      expect(inBoth ? [] : saysVault([plan, operation])).toEqual([]);
    } finally {
      await engine.stop();
    }
  });
});
