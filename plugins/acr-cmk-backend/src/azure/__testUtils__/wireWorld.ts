/**
 * Azure for the wire suite: emulated, or the subscription in `ACR_CMK_TEST_SUBSCRIPTION`. There each test
 * file makes a resource group with the account that `DefaultAzureCredential` finds, and removes it.
 */
import diagnostics from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { DefaultAzureCredential } from '@azure/identity';
import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import { createAzurePorts } from '../azurePorts';
import { createCredentials } from '../credentials/credentials';
import { AzureRequests } from './azureRequests';
import { type AzureWorld, startAzureWorld } from './azureWorld';
import { type Model, TestGroup } from './TestGroup';

const SUBSCRIPTION = process.env.ACR_CMK_TEST_SUBSCRIPTION;
const LOCATION = process.env.ACR_CMK_TEST_LOCATION ?? 'westeurope';

/** Limit of a test or hook. A registry in Azure takes minutes, a role up to ten. Milliseconds. */
export const WIRE_TIMEOUT_MS = SUBSCRIPTION ? 30 * 60_000 : 30_000;

/** Reasons why a test runs with the emulator only, not with a subscription. */
const EMULATOR_ONLY = {
  clock: "Azure's clock cannot be moved",
  faults: 'Azure fails only by itself',
  lock: 'a lock that is left behind would keep its group',
  rights: 'takes an account without some right',
  size: 'takes hundreds of resources',
  world: 'takes resources that cost too much, or the log of Azure',
};

const flagged = (reason: string) => {
  const run = SUBSCRIPTION ? it.skip : it;
  const titled = (title: string) =>
    SUBSCRIPTION ? `${title} (emulator only: ${reason})` : title;
  return Object.assign(
    (title: string, test: () => Promise<void>) => run(titled(title), test),
    {
      each:
        <Row extends readonly unknown[]>(rows: Row[]) =>
        (title: string, test: (...row: Row) => Promise<void>) =>
          run.each(rows as never[])(titled(title), test as never),
    },
  );
};

/** `it` for a test that is left out in a subscription, by the reason. */
export const itEmulatorOnly = Object.fromEntries(
  Object.entries(EMULATOR_ONLY).map(([name, why]) => [name, flagged(why)]),
) as Record<keyof typeof EMULATOR_ONLY, ReturnType<typeof flagged>>;

/** A registry with its key. */
export interface Encrypted {
  registry: RegistryId;
  vaultId: string;
  key: KeyIdentifier;
  identityId: string;
  principalId: string;
}

export interface SentRequest {
  method: string;
  host: string;
  path: string;
}

export interface WireWorld extends Pick<
  AzureWorld,
  'ports' | 'portsWith' | 'subscriptionId'
> {
  /** Follows new versions of its key, which it may use by a role at the key. */
  shop: Encrypted;
  /** Is pinned to a version of its key, which it may use by an access policy. */
  orders: Encrypted;
  /** Requests since they were cleared, oldest first. */
  sent(): SentRequest[];
  /** Requests with a token, by method and end of the path. */
  requests(method: string, end: string): SentRequest[];
  clearRequests(): void;
  /** Clears the requests, and restores the emulated Azure. */
  reset(): void;
  /** Waits until an assertion holds, since Azure is not done at once. */
  eventually(holds: () => Promise<void>): Promise<void>;
  isEmulated: boolean;
  /** The emulated Azure; only in tests of `itEmulatorOnly`. */
  emulated: AzureWorld;
  close(): Promise<void>;
}

/** Starts an Azure with two encrypted registries. Without `registries` only their keys and identities are there. */
export function startWireWorld(
  name: string,
  needs: { registries?: boolean } = {},
): Promise<WireWorld> {
  return SUBSCRIPTION
    ? startInSubscription(SUBSCRIPTION, { name, ...needs })
    : startEmulated();
}

async function startEmulated(): Promise<WireWorld> {
  const world = await startAzureWorld();
  const { emulator, subscriptionId } = world;
  const encrypted = (name: string, vault: string): Encrypted => {
    const group = `/subscriptions/${subscriptionId}/resourceGroups`;
    return {
      registry: RegistryId.parse(emulator.state.registry(name).id),
      vaultId: `${group}/rg-keys/providers/Microsoft.KeyVault/vaults/${vault}`,
      key: KeyIdentifier.of(vault, name),
      identityId: `${group}/rg-shop/providers/Microsoft.ManagedIdentity/userAssignedIdentities/id-${name}`,
      principalId: emulator.state.principalId(`id-${name}`),
    };
  };
  return {
    ...world,
    shop: encrypted('shopimages', 'kv-contoso-rbac'),
    orders: encrypted('ordersimages', 'kv-contoso-policy'),
    sent: () => emulator.requests(),
    clearRequests: () => emulator.clearRequests(),
    reset: () => emulator.reset(),
    eventually: async holds => {
      emulator.clock.advance(60_000);
      await holds();
    },
    isEmulated: true,
    emulated: world,
  };
}

/** Requests of this process, as Node reports them. */
function watchRequests() {
  let seen: (SentRequest & { hasToken: boolean })[] = [];
  const note = (message: unknown) => {
    const { request } = message as { request: ClientRequest };
    // A request to a proxy is not Azure's.
    if (request.method === 'CONNECT') return;
    seen.push({
      method: request.method,
      host: request.host,
      path: request.path.split('?')[0],
      hasToken: request.hasHeader('authorization'),
    });
  };
  diagnostics.subscribe('http.client.request.start', note);
  return {
    all: () => seen,
    clear: () => {
      seen = [];
    },
    stop: () => diagnostics.unsubscribe('http.client.request.start', note),
  };
}

async function startInSubscription(
  subscriptionId: string,
  { name, registries }: { name: string; registries?: boolean },
): Promise<WireWorld> {
  const azure = new AzureRequests(new DefaultAzureCredential());
  const group = new TestGroup({
    azure,
    subscriptionId,
    location: LOCATION,
    purpose: `wire-${name}`,
    sleep: delay,
  });
  await group.remove();
  const defaultChain = { kind: 'default-chain' } as const;
  const credentials = createCredentials({
    read: defaultChain,
    rotate: defaultChain,
    revoke: defaultChain,
    provision: defaultChain,
  });
  const portsWith: WireWorld['portsWith'] = more =>
    createAzurePorts({ credentials, timeoutSeconds: 60, ...more });

  await group.put('a resource group', group.id);
  const make = async (purpose: string, model: Model): Promise<Encrypted> => {
    await group.makeVault(model);
    const older = await group.makeKey(model, purpose);
    await group.makeKey(model, purpose);
    const identity = await group.makeIdentity(`id-${purpose}`);
    const { principalId } = identity;
    await group.setAccess(model, { key: purpose, principalId }, true);
    const key = KeyIdentifier.of(group.vaultName(model), purpose);
    if (registries) {
      const keyIdentifier = model === 'roles' ? String(key) : older;
      await group.makeRegistry(purpose, { identity, keyIdentifier, model });
    }
    return {
      registry: RegistryId.parse(group.registryId(purpose)),
      vaultId: group.vaultId(model),
      key,
      identityId: identity.id,
      principalId,
    };
  };
  const [shop, orders] = await Promise.all([
    make('shopimages', 'roles'),
    make('ordersimages', 'policies'),
  ]);
  const sent = watchRequests();
  return {
    ports: portsWith({}),
    portsWith,
    subscriptionId,
    shop,
    orders,
    sent: sent.all,
    requests: (method, end) =>
      sent
        .all()
        .filter(
          each =>
            each.method === method &&
            each.hasToken &&
            each.path.toLowerCase().endsWith(end.toLowerCase()),
        ),
    clearRequests: sent.clear,
    reset: sent.clear,
    async eventually(holds) {
      let last: unknown;
      await group
        .until('Azure is done', () =>
          holds().then(
            () => true,
            error => {
              last = error;
              return false;
            },
          ),
        )
        .catch(() => {
          throw last;
        });
    },
    isEmulated: false,
    get emulated(): AzureWorld {
      throw new Error('There is no emulated Azure in a subscription');
    },
    async close() {
      sent.stop();
      await group.remove();
    },
  };
}
