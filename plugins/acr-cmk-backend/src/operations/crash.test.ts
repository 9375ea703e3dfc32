import {
  type Emulator,
  startEmulator,
  trustInThisProcess,
} from 'azure-emulator';
import type { Intent } from 'backstage-plugin-acr-cmk-common';
import {
  Boundaries,
  type Engine,
  portsTo,
  startEngine,
} from '../__testUtils__/engine';
import { type TestDatabase, testDatabases } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/demoWorld';
import type { AzurePorts } from '../azure/ports';
import { firstBrokenLink } from '../audit/AuditLog';

// Every case starts from a new world and runs a whole operation.
jest.setTimeout(240_000);

interface Case {
  name: string;
  registry: string;
  intent: Intent;
  /** Brings the world to where the case begins. */
  given?(engine: Engine): Promise<void>;
  /** Did exactly what was wanted happen? */
  expectDone(azure: Emulator, before: Before): void;
}

interface Before {
  versions: number;
  bystander: unknown;
}

const VAULT = {
  ordersimages: 'kv-contoso-policy',
  shopimages: 'kv-contoso-rbac',
};
const vaultOf = (registry: string) => VAULT[registry as keyof typeof VAULT];

const rotated =
  (registry: string) =>
  ({ state }: Emulator, { versions }: Before) => {
    const key = state.key(vaultOf(registry), registry);
    expect(key.versions).toHaveLength(versions + 1);
    expect(state.registry(registry).versionInUse).toBe(key.latest);
  };
const reaches =
  (registry: string, wanted: boolean) =>
  ({ state }: Emulator, { versions }: Before) => {
    expect(state.registry(registry).reach.reaches).toBe(wanted);
    expect(state.key(vaultOf(registry), registry).versions).toHaveLength(
      versions,
    );
  };
const revokedBefore = (registry: string) => async (engine: Engine) => {
  const { id } = await engine.accept(registryId(registry), { kind: 'revoke' });
  await engine.runToEnd(id);
};

const cases: Case[] = [
  {
    name: 'rotate a manual registry',
    registry: 'ordersimages',
    intent: { kind: 'rotate' },
    expectDone: rotated('ordersimages'),
  },
  {
    name: 'rotate an automatic registry',
    registry: 'shopimages',
    intent: { kind: 'rotate' },
    expectDone: rotated('shopimages'),
  },
  {
    name: 'revoke by access policy',
    registry: 'ordersimages',
    intent: { kind: 'revoke' },
    expectDone: reaches('ordersimages', false),
  },
  {
    name: 'revoke by role assignment',
    registry: 'shopimages',
    intent: { kind: 'revoke' },
    expectDone: reaches('shopimages', false),
  },
  {
    name: 'restore an access policy',
    registry: 'ordersimages',
    intent: { kind: 'restore' },
    given: revokedBefore('ordersimages'),
    expectDone: reaches('ordersimages', true),
  },
  {
    name: 'restore a role assignment',
    registry: 'shopimages',
    intent: { kind: 'restore' },
    given: revokedBefore('shopimages'),
    expectDone: reaches('shopimages', true),
  },
];

const databases = testDatabases();

describe.each(cases)('F1-F4, F22: $name', wanted => {
  let azure: Emulator;
  let distrust: () => void;
  let ports: AzurePorts;
  beforeAll(async () => {
    azure = await startEmulator({
      world: 'demo',
      operationSeconds: 0,
      rolePropagationSeconds: 0,
    });
    distrust = trustInThisProcess(azure);
    ports = portsTo(azure);
  });
  afterAll(async () => {
    distrust();
    await azure.close();
  });

  async function run(
    { open }: TestDatabase,
    dieAt?: number,
  ): Promise<string[]> {
    azure.reset();
    const engine = await startEngine(ports, await open());
    try {
      await wanted.given?.(engine);
      const before: Before = {
        versions: azure.state.key(vaultOf(wanted.registry), wanted.registry)
          .versions.length,
        bystander: azure.state.registry('checkoutimages'),
      };
      const { id } = await engine.accept(
        registryId(wanted.registry),
        wanted.intent,
      );
      const boundaries = new Boundaries();
      boundaries.dieAt = dieAt;
      const operation = await engine.runToEnd(id, boundaries);
      try {
        expect([operation.state, operation.result?.sentence]).toEqual([
          'succeeded',
          expect.any(String),
        ]);
        wanted.expectDone(azure, before);
        expect(azure.state.registry('checkoutimages')).toEqual(
          before.bystander,
        );
        expect(await engine.db('operation_locks')).toEqual([]);
        expect(firstBrokenLink(await engine.audit.list({}))).toBeUndefined();
      } catch (error) {
        const moment =
          dieAt === undefined
            ? 'Nobody died'
            : `Died ${boundaries.names[dieAt]}`;
        (error as Error).message = `${moment}. ${(error as Error).message}`;
        throw error;
      }
      return boundaries.names;
    } finally {
      await engine.stop();
    }
  }

  describe.each(databases)('on $name', database => {
    it('ends as wanted when nothing goes wrong', async () => {
      await run(database);
    });

    it('ends as wanted wherever the worker dies, with everything done once', async () => {
      // The list of moments comes from a run without a death: a new step is covered by itself.
      const names = await run(database);
      expect(names.length).toBeGreaterThan(10);
      for (let moment = 0; moment < names.length; moment++) {
        await run(database, moment);
      }
    });
  });
});
