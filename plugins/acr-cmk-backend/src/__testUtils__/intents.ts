/* eslint-disable jest/no-export -- one body for the intents of two worlds */
import { type Plan, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { Emulator, EmulatorOptions } from 'azure-emulator';
import { keyAccessOf } from '../domain/keyAccess';
import { verdictOf } from '../domain/verdict';
import type { OperationRecord } from '../engine/types';
import { registryId } from './demoWorld';
import { useDocumentedRoles } from './documentedRoles';
import { type Engine, startEngine } from './engine';
import {
  enabledVersions,
  type IntentCase,
  intentOf,
  stateBefore,
} from './intentCase';
import { useAzure } from './useAzure';

/** Checks that need the role to read other services, which is optional. */
const ABOUT_OTHER_SERVICES = [
  'other-services',
  'services-follow',
  'key-shared',
];

/** Changes in Azure, without tokens, queries and the challenges of Key Vault. */
export function writesTo(azure: Emulator): string[] {
  return azure
    .requests()
    .filter(
      ({ method, path, status }) =>
        method !== 'GET' &&
        status !== 401 &&
        !/\/(token|exchange)$|\/checkNameAvailability|\/Microsoft\.ResourceGraph\//.test(
          path,
        ),
    )
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

/** Restores by the inverse of a revoke alone, as a timer does, and expects all back that was taken. */
async function expectWholeInverse(
  wanted: IntentCase,
  {
    engine,
    revokeId,
    versions,
    emulator,
  }: {
    engine: Engine;
    revokeId: string;
    /** Whether each version was enabled before the revoke. */
    versions: readonly boolean[];
    emulator: Emulator;
  },
): Promise<void> {
  const { id } = await engine.accept(
    registryId(wanted.registry, wanted.group),
    {
      kind: 'restore',
      operationId: revokeId,
      onlyOperation: true,
    },
  );
  expect((await engine.runToEnd(id)).state).toBe('succeeded');
  expect(await accessTo(wanted, engine)).toBe('granted');
  expect(enabledVersions(emulator, wanted.vault, wanted.registry)).toEqual(
    versions,
  );
}

/** Carries each case out with the rights of docs/roles, and expects its writes and its end. */
export function describeIntents({
  cases,
  turnSeconds,
  faultsOf = () => [],
  ...options
}: {
  cases: readonly IntentCase[];
  /** Time of cases without one of their own. */
  turnSeconds?: number;
  /** Further faults in the plan or the operation of a case. */
  faultsOf?(
    wanted: IntentCase,
    shown: { plan: Plan; operation: OperationRecord },
  ): readonly string[];
} & Pick<EmulatorOptions, 'world'>): void {
  describe('every intent, with the rights of docs/roles and no more', () => {
    const azure = useAzure(options);
    beforeEach(async () => {
      azure.emulator.reset();
      await useDocumentedRoles(azure.emulator);
    });

    it.each(cases)('$name', async wanted => {
      const { emulator, ports } = azure;
      const engine = await startEngine(
        ports,
        undefined,
        emulator,
        wanted.turnSeconds ?? turnSeconds,
      );
      try {
        await wanted.given?.(engine, emulator);
        const before = stateBefore(emulator, wanted);
        const isRevoke = intentOf(emulator, wanted).kind === 'revoke';
        const versions = isRevoke
          ? enabledVersions(emulator, wanted.vault, wanted.registry)
          : [];
        emulator.clearRequests();
        const { id, plan } = await engine.accept(
          registryId(wanted.registry, wanted.group),
          intentOf(emulator, wanted),
        );
        const operation = await engine.runToEnd(id);
        expect([operation.state, operation.result]).toEqual([
          'succeeded',
          { message: expect.any(String) },
        ]);
        expect(writesTo(emulator)).toEqual(
          wanted.writes.map(write => expect.stringMatching(write)),
        );
        wanted.expectDone(emulator, before);
        expect(await accessTo(wanted, engine)).toBe(
          isRevoke ? 'missing' : 'granted',
        );
        // Each check was decided: nothing was missing to judge by.
        expect(
          plan.checks
            .filter(({ status }) => status === 'unknown')
            .map(({ id: check }) => check)
            .filter(check => !ABOUT_OTHER_SERVICES.includes(check)),
        ).toEqual([]);
        expect(faultsOf(wanted, { plan, operation })).toEqual([]);
        if (isRevoke) {
          await expectWholeInverse(wanted, {
            engine,
            revokeId: id,
            versions,
            emulator,
          });
        }
      } finally {
        await engine.stop();
      }
    });
  });
}
