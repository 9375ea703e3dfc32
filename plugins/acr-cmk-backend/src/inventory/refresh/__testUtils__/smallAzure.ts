import type {
  RegistryFacts,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { AzureWorld } from '../../../azure/__testUtils__/azureWorld';
import { AzureError } from '../../../azure/AzureError';
import type { AzurePorts } from '../../../azure/ports';
import type { IdentityFacts } from '../../../azure/arm/identityFacts';
import type { GraphPart } from '../../../azure/graph/resourceGraphPort';

const AZURE_AT = Date.parse('2026-11-25T12:00:00Z');
const answer = async <T>(value: T) => ({ value, azureAt: AZURE_AT });

/**
 * Some registries of an emulated Azure, read from it once, with their vaults, keys and identities. It
 * answers from memory, so that a test can run the same sync hundreds of times. Registries are too many
 * for one answer: they come in two parts.
 */
export async function smallAzure(
  { ports, subscriptionId }: AzureWorld,
  names: readonly string[],
): Promise<{ azure: AzurePorts; calls: string[] }> {
  const calls: string[] = [];
  const registries = (
    await ports.registries.listBySubscription(subscriptionId)
  ).value.filter(({ name }) => names.includes(name));
  const hosts = registries.map(
    ({ encryption }) => new URL(String(encryption.keyIdentifier)).host,
  );
  const vaults = (
    await ports.vaults.listBySubscription(subscriptionId)
  ).value.filter(({ name }) => hosts.some(host => host.startsWith(`${name}.`)));
  const identities = (await ports.identities.listBySubscription(subscriptionId))
    .value;
  const { value: assignments } = await ports.resourceGraph.assignments({
    subscriptionIds: [subscriptionId],
    part: 0,
    of: 1,
  });

  const known = new Map<string, Promise<unknown>>();
  /** Asks the emulator the first time. */
  const remembered =
    <Args extends string[], T>(
      name: string,
      ask: (...args: Args) => Promise<T>,
    ) =>
    (...args: Args): Promise<T> => {
      calls.push(name);
      const key = `${name} ${args.join(' ')}`.toLowerCase();
      const value = (known.get(key) as Promise<T> | undefined) ?? ask(...args);
      known.set(key, value);
      return value;
    };
  const rows = <T>(items: T[]) => ({
    items: items.map(facts => ({ subscriptionId, facts })),
    unusable: 0,
  });
  const inPart = ({ id }: { id: string }, { part, of }: GraphPart) =>
    id.length % of === part;
  const graph =
    <T extends RegistryFacts | VaultFacts | IdentityFacts>(
      name: string,
      items: T[],
      most: number,
    ) =>
    (part: GraphPart) => {
      calls.push(`graph ${name}`);
      const found = items.filter(item => inPart(item, part));
      if (found.length > most) {
        throw new AzureError(
          { kind: 'unavailable', code: 'TooManyRows', message: 'Too many' },
          { effect: 'refused' },
        );
      }
      return answer(rows(found));
    };

  const readOnly = {
    registries: {
      get: (id: { key: string }) =>
        answer(registries.find(each => each.id.toLowerCase() === id.key)),
      listBySubscription: () => answer(registries),
    },
    vaults: {
      get: remembered('vault', (id: string) => ports.vaults.get(id)),
      listBySubscription: () => answer(vaults),
    },
    identities: {
      get: remembered('identity', (id: string) => ports.identities.get(id)),
      listBySubscription: () => answer(identities),
    },
    keys: {
      list: remembered('keys', (id: string) => ports.keys.list(id)),
      get: remembered('key', (id: string, name: string) =>
        ports.keys.get(id, name),
      ),
    },
    access: {
      permissionsOfCaller: remembered('permissions', (scope: string) =>
        ports.access.permissionsOfCaller(scope, 'read'),
      ),
      assignmentsFor: remembered('access', (principal: string, scope: string) =>
        ports.access.assignmentsFor(principal, scope),
      ),
    },
    resourceGraph: {
      readable: () => answer([subscriptionId]),
      counts: () =>
        answer([
          { kind: 'registries', subscriptionId, count: registries.length },
          { kind: 'vaults', subscriptionId, count: vaults.length },
          { kind: 'identities', subscriptionId, count: identities.length },
        ]),
      countConsumers: () => answer([]),
      consumers: () => answer(rows([])),
      countAssignments: () => answer(1),
      registries: graph('registries', registries, registries.length - 1),
      vaults: graph('vaults', vaults, 1000),
      identities: graph('identities', identities, 1000),
      assignments: () =>
        answer(
          assignments as {
            items: { subscriptionId: string; facts: RoleAssignmentFacts }[];
            unusable: number;
          },
        ),
    },
    monotonic: () => 0,
  };
  return { azure: readOnly as unknown as AzurePorts, calls };
}
