import { AzureState } from './azure';
import { AssumptionSettings } from '../control/assumptionSettings';
import { Clock, ClockSetting } from '../control/clock';
import type { Cloud } from '../http/cloud';
import type { DeliveryTokens } from '../entra/deliveryTokens';
import type { EmulatorSnapshot, ResetOptions } from '../options';
import { Faults } from '../control/faults';
import { RegistrySignIn } from '../registry/registrySignIn';
import { RequestLog } from '../http/requestLog';
import { Router } from '../http/router';
import { allRoutes } from '../routes';
import type { SignInSecrets } from './secrets';
import type { Parts } from '../server';
import { StateView } from '../control/stateView';
import { Store } from './store';
import { Throttle } from '../http/throttle';
import { Tokens } from '../entra/tokens';
import { buildWorld, type WorldName } from '../worlds';
import { ACTORS, TENANT_ID } from '../worlds/principals';

/** The parts of an emulator that outlast a reset. */
export interface PermanentParts {
  cloud: Cloud;
  secrets: SignInSecrets;
  deliveryTokens: DeliveryTokens;
  dataDir?: string;
}

interface NamedWorld {
  name: WorldName;
  seed: number;
}

/** Everything that a reset replaces. */
export interface RunningWorld {
  parts: Parts;
  state: StateView;
  world: NamedWorld;
  /** Detaches the directory, so that requests that still run can no longer change it. */
  stop(): void;
}

/** Continues the world in the directory, or builds the one that the options name. */
export function openWorld(
  permanent: PermanentParts,
  options: ResetOptions,
): RunningWorld {
  const store = new Store(permanent.dataDir);
  if (!store.load()) return buildInto(store, permanent, options);
  return assemble(store, permanent, {
    options,
    world: storedWorld(store, options),
  });
}

/** Builds a world from nothing and replaces the one in the directory. */
export function newWorld(
  permanent: PermanentParts,
  options: ResetOptions,
): RunningWorld {
  return buildInto(new Store(permanent.dataDir), permanent, options);
}

/** Continues with the documents and the time of a snapshot. */
export function restoreWorld(
  permanent: PermanentParts,
  options: ResetOptions,
  { documents, time, frozen }: EmulatorSnapshot,
): RunningWorld {
  const store = new Store(permanent.dataDir);
  const world = requestedWorld(options);
  const running = assemble(store, permanent, { options, world });
  running.parts.azure.clock.set(time, { frozen });
  store.paste(documents);
  persist(store, world);
  return running;
}

function buildInto(
  store: Store,
  permanent: PermanentParts,
  options: ResetOptions,
) {
  const world = requestedWorld(options);
  const running = assemble(store, permanent, { options, world });
  store.replace(() => buildWorld(running.parts.azure, world.name, world.seed));
  persist(store, world);
  return running;
}

function persist(store: Store, world: NamedWorld) {
  store.setSetting('world', world);
  store.compact();
}

function requestedWorld({
  world = 'demo',
  seed = 1,
}: ResetOptions): NamedWorld {
  return { name: world, seed };
}

/** A directory holds one world. Another one is refused, because starting it there would lose the first. */
function storedWorld(store: Store, { world, seed }: ResetOptions): NamedWorld {
  const stored = store.setting<NamedWorld>('world')!;
  const wanted = { name: world ?? stored.name, seed: seed ?? stored.seed };
  if (stored.name !== wanted.name || stored.seed !== wanted.seed) {
    throw new Error(
      `The directory holds the world '${stored.name}' (seed ${stored.seed}), not '${wanted.name}' (seed ${wanted.seed}). Start it with --world ${stored.name} --seed ${stored.seed}, or name another directory.`,
    );
  }
  return stored;
}

function assemble(
  store: Store,
  { cloud, secrets, deliveryTokens }: PermanentParts,
  { options, world }: { options: ResetOptions; world: NamedWorld },
): RunningWorld {
  const {
    now = Date.now,
    log = () => undefined,
    operationSeconds,
    rolePropagationSeconds,
  } = options;
  const clock = new Clock(
    now,
    store.setting<ClockSetting>('clock') ?? { offsetMs: 0 },
    setting => store.setSetting('clock', setting),
  );
  const assumptions = new AssumptionSettings({
    ...options.assumptions,
    ...(operationSeconds !== undefined && {
      registryOperationSeconds: operationSeconds,
    }),
    ...(rolePropagationSeconds !== undefined && {
      roleAssignmentDelaySeconds: rolePropagationSeconds,
      roleRemovalDelaySeconds: rolePropagationSeconds,
    }),
  });
  const azure = new AzureState(store, clock, {
    tenantId: TENANT_ID,
    cloud: cloud.name,
    assumptions,
  });
  const tokens = new Tokens(secrets.tokenSecret, TENANT_ID);
  const clientSecrets = new Map(Object.entries(secrets.clientSecrets));
  const registrySignIn = new RegistrySignIn(azure, tokens, clientSecrets);
  return {
    world,
    state: new StateView(azure, cloud),
    parts: {
      azure,
      cloud,
      router: new Router(
        allRoutes({
          tokens,
          secrets: clientSecrets,
          registrySignIn,
          deliveryTokens,
        }),
      ),
      tokens,
      registrySignIn,
      throttle: new Throttle(options.throttle ?? false, () => clock.now()),
      faults: new Faults(),
      requestLog: new RequestLog(),
      assumptions,
      nameOf: ({ id }) =>
        ACTORS.find(({ principal }) => principal.id === id)?.name ?? id,
      log,
    },
    stop: () => store.detach(),
  };
}
