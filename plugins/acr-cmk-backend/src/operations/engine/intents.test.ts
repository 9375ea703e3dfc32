import {
  trustInThisProcess,
  type Emulator,
  startEmulator,
} from 'azure-emulator';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { type Engine, portsTo, startEngine } from '../../__testUtils__/engine';
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
import { keyAccessOf } from '../../cmk/keyAccess';
import { verdictOf } from '../../cmk/verdict';

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

/** Access of the case's registry to its key, as the tab shows it. */
async function accessTo(
  { registry: name, group }: IntentCase,
  { inventory }: Engine,
) {
  const id = RegistryId.parse(registryId(name, group));
  const { registry, bundle } = await inventory.look(id, { maxAgeMs: 0 });
  if (!registry.known) throw new Error(registry.problem.message);
  const facts = await bundle(registry.value);
  const { findings } = verdictOf(facts, registry.azureAt);
  return keyAccessOf(findings).access;
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
        expect(await accessTo(wanted, engine)).toBe(
          operation.intent.kind === 'revoke' ? 'missing' : 'granted',
        );
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
