// One measurement in a process of its own, so that nothing of another one is in its heap or caches.
// Prints one line of JSON. The benchmarks beside it start it.
import { parseArgs } from 'node:util';
import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import type { AzurePorts } from '../../plugins/acr-cmk-backend/src/azure/ports';
import { type FleetPortal, startFleetPortal } from './portal';
import { percentile } from './print';

const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    what: { type: 'string' },
    registries: { type: 'string' },
    /** Views that are measured one after the other. */
    views: { type: 'string', default: '600' },
    viewers: { type: 'string', default: '50' },
    seconds: { type: 'string', default: '10' },
    /** Response time of Azure. Milliseconds. */
    azureMs: { type: 'string', default: '100' },
  },
});

type Figures = Record<string, number>;

/** Every entity once, so that all facts are known and everything is compiled. */
async function warmUp({ entities, view }: FleetPortal): Promise<void> {
  for (const refresh of [false, false, true]) {
    for (const entity of entities) await view(entity, { refresh });
  }
}

/** Time of the processor that a number of views took, on average: the same on a busy machine. */
function cpuPerView(before: NodeJS.CpuUsage, views: number): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / views;
}

function summary(times: number[]): Figures {
  const sorted = [...times].sort((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}

/** One viewer, facts that are known. */
async function tab(portal: FleetPortal): Promise<Figures> {
  await warmUp(portal);
  portal.azure.clearRequests();
  const times: number[] = [];
  const cpu = process.cpuUsage();
  for (let n = 0; n < Number(values.views); n++) {
    const started = performance.now();
    await portal.view(portal.entities[n % portal.entities.length]);
    times.push(performance.now() - started);
  }
  return {
    ...summary(times),
    cpu: cpuPerView(cpu, times.length),
    calls: portal.azure.requests().length,
  };
}

/** Measures reading the same facts from Azure, in parallel where no call depends on another. */
async function live(portal: FleetPortal): Promise<Figures> {
  const { createAzurePorts } = portal.load<any>(
    'plugins/acr-cmk-backend/src/azure/azurePorts.ts',
  );
  const { createCredentials } = portal.load<any>(
    'plugins/acr-cmk-backend/src/azure/credentials/credentials.ts',
  );
  const { credentialsOf } = portal.load<any>(
    'plugins/acr-cmk-backend/src/__testUtils__/engine.ts',
  );
  const ports: AzurePorts = createAzurePorts({
    credentials: createCredentials(credentialsOf(portal.azure)),
  });
  const vaults = new Map<string, string>();
  for (const id of portal.registries) {
    const { subscriptionId } = RegistryId.parse(id);
    const { value } = await ports.vaults.listBySubscription(subscriptionId);
    for (const vault of value) vaults.set(vault.name.toLowerCase(), vault.id);
  }
  portal.azure.faults.add({ delayMs: Number(values.azureMs), times: 0 });
  const times: number[] = [];
  for (let n = 0; n < 60; n++) {
    const id = RegistryId.parse(
      portal.registries[n % portal.registries.length],
    );
    const started = performance.now();
    const { value } = await ports.registries.get(id);
    const key = KeyIdentifier.tryParse(value.encryption.keyIdentifier);
    const vaultId = key && vaults.get(key.vaultName);
    if (key && vaultId) {
      const principal =
        value.systemPrincipalId ?? value.userAssignedIdentities[0]?.principalId;
      await Promise.all([
        ports.vaults.get(vaultId),
        // A key that is gone, or access that nobody has, is an answer as well.
        ports.keys.get(vaultId, key.keyName).catch(() => undefined),
        principal &&
          ports.access
            .assignmentsFor(principal, `${vaultId}/keys/${key.keyName}`)
            .catch(() => undefined),
      ]);
    }
    times.push(performance.now() - started);
  }
  return summary(times);
}

/** Many viewers, each of whom looks again as soon as there is an answer. */
async function viewers(portal: FleetPortal): Promise<Figures> {
  await warmUp(portal);
  portal.azure.faults.add({ delayMs: Number(values.azureMs), times: 0 });
  const times: number[] = [];
  const end = performance.now() + Number(values.seconds) * 1000;
  const started = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(
    Array.from({ length: Number(values.viewers) }, async (_, viewer) => {
      for (let n = viewer; performance.now() < end; n++) {
        const asked = performance.now();
        await portal.view(portal.entities[n % portal.entities.length], {
          viewer: `user:default/viewer-${viewer}`,
        });
        times.push(performance.now() - asked);
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  return {
    ...summary(times),
    longest: Math.max(...times),
    perSecond: times.length / seconds,
    cpu: cpuPerView(cpu, times.length),
    rssMb: process.memoryUsage().rss / 2 ** 20,
  };
}

async function main(): Promise<void> {
  const portal = await startFleetPortal({
    root: values.root ?? process.cwd(),
    registries: Number(values.registries),
  });
  const measure = { tab, live, viewers }[String(values.what)];
  if (!measure) throw new Error(`--what ${values.what} is not measured here`);
  const figures = await measure(portal);
  process.stdout.write(`FIGURES ${JSON.stringify(figures)}\n`);
  // Connections of the SDK's clients stay open for a while.
  await Promise.race([portal.stop(), new Promise(r => setTimeout(r, 5_000))]);
  process.exit(0);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
