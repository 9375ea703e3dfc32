import {
  trustInThisProcess,
  type Emulator,
  startEmulator,
} from 'azure-emulator';
import { portsTo, startEngine } from '../../__testUtils__/engine';
import {
  type IntentCase,
  intentOf,
  stateBefore,
} from '../../__testUtils__/intentCase';
import { intentCases } from '../../__testUtils__/intentCases';
import {
  keyPermissions,
  useDocumentedRoles,
} from '../../__testUtils__/documentedRoles';
import { registryId } from '../../__testUtils__/demoWorld';
import type { AzurePorts } from '../../azure/ports';

jest.setTimeout(60_000);

/** What was changed in Azure, without tokens and the challenges of Key Vault. */
function writes(azure: Emulator): string[] {
  return azure
    .requests()
    .filter(({ method, path, status }) => {
      const asks =
        method === 'GET' ||
        path.endsWith('/token') ||
        path.includes('/checkNameAvailability');
      return !asks && status !== 401;
    })
    .map(({ method, path }) => `${method} ${path.split('?')[0]}`);
}

describe('every intent, with the rights of docs/roles and no more', () => {
  let azure: Emulator;
  let disconnect: () => void;
  let ports: AzurePorts;
  beforeAll(async () => {
    azure = await startEmulator({
      world: 'demo',
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

  it.each(intentCases.map(one => [one.name, one] as [string, IntentCase]))(
    '%s',
    async (_name, wanted) => {
      const engine = await startEngine(
        ports,
        undefined,
        azure,
        wanted.turnSeconds,
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
        expect(writes(azure)).toEqual(
          wanted.writes.map(write => expect.stringMatching(write)),
        );
        wanted.expectDone(azure, before);
        // Each check was decided: nothing was missing to judge by.
        expect(
          plan.checks
            .filter(({ status }) => status === 'unknown')
            .map(({ id: check }) => check),
        ).toEqual([]);
      } finally {
        await engine.stop();
      }
    },
  );

  it('key permissions in access policies are those of docs/roles', () => {
    for (const { name, documented, held } of keyPermissions(
      azure,
      'kv-contoso-policy',
    )) {
      expect([name, held]).toEqual([name, documented]);
    }
  });
});
