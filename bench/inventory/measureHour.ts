// An hour of the clock with people who look once a minute, in a process of its own. Prints one line of JSON.
import { parseArgs } from 'node:util';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { SHOWN } from '../../plugins/acr-cmk-backend/src/inventory/Inventory';
import {
  replicaOf,
  startWorld,
  takeCalls,
  TURN_MS,
  turns,
  untilTurnAfter,
} from './syncWorld';

const { values } = parseArgs({
  options: {
    root: { type: 'string' },
    what: { type: 'string' },
    registries: { type: 'string' },
    replicas: { type: 'string' },
    viewers: { type: 'string' },
  },
});

const MINUTES = 60;
/** Views at the same time. */
const AT_ONCE = 20;

async function main(): Promise<void> {
  const world = await startWorld({
    registries: Number(values.registries),
    throttle: false,
  });
  const { azure } = world;
  const replicas = Array.from({ length: Number(values.replicas) }, () =>
    replicaOf(world),
  );
  const { registryIds } = azure;
  const ids = Array.from({ length: Number(values.viewers) }, (_, n) =>
    RegistryId.parse(registryIds[n % registryIds.length]),
  );

  await turns(world, 10);
  // Until what converges has done so.
  await azure.advance(3 * 60 * TURN_MS);
  await turns(world, 10);
  await azure.ask('clearRequests');

  let calls = 0;
  for (let minute = 0; minute < MINUTES; minute++) {
    const began = azure.now();
    // Backstage's scheduler runs the task in one replica at a time.
    await replicas[minute % replicas.length].sync.turn();
    for (let at = 0; at < ids.length; at += AT_ONCE) {
      await Promise.all(
        ids.slice(at, at + AT_ONCE).map(async (id, n) => {
          const { inventory } = replicas[(at + n) % replicas.length];
          const registry = await inventory.registry(id, SHOWN);
          if (registry.known) await inventory.bundle(registry.value, SHOWN);
        }),
      );
    }
    for (const { background } of replicas) await background.idle();
    calls += await takeCalls(world);
    await untilTurnAfter(azure, began);
  }
  process.stdout.write(`FIGURES ${JSON.stringify({ calls })}\n`);
  process.exit(0);
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
