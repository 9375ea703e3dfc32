import {
  ActionRefused,
  type CreateRegistryIntent,
  type Fact,
  FactsUnavailable,
  InvalidInput,
  quote,
} from 'backstage-plugin-acr-cmk-common';
import type { AzurePorts } from '../../azure/ports';
import {
  type EncryptedRegistry,
  encryptedRegistryOf,
  type Identity,
} from '../../domain/encryptedRegistry';
import {
  type Concerns,
  concernsOf,
  disabledVersionsOf,
  unionOf,
} from '../../domain/effects';
import { findingsOf } from '../../domain/findings';
import type { PlanInput } from '../gate/Gate';
import { isMissing } from '../../domain/isMissing';
import { keyAccessOf } from '../../domain/keyAccess';
import type { Change } from '../../domain/plan/change';
import type { ChangeIntent, FactNeeds } from '../../domain/plan/intent';
import {
  guidsFrom,
  type NewRegistryFacts,
  type PlanContext,
} from '../../domain/plan/draft';
import type { Registry } from '../../domain/registry';
import type { Freshness, Inventory } from '../../inventory/Inventory';
import type { OperationQueries } from '../../engine/OperationQueries';
import { hasTaken } from '../../engine/run';
import type { OperationRecord } from '../../engine/types';
import { identityNamed, identityOfNew } from './namedIdentity';

/** Sources of facts for a plan. */
export interface FactSources {
  inventory: Inventory;
  operations: Pick<
    OperationQueries,
    | 'get'
    | 'hasPendingRevoke'
    | 'holderOf'
    | 'keptForRevoke'
    | 'list'
    | 'pendingRevokes'
    | 'revokeBehind'
  >;
  azure: Pick<AzurePorts, 'has'>;
  /** Features that are off by default and that the configuration turns on. */
  allows: PlanContext['allows'];
}

/** Fields about other registries, which are gathered separately by the effects of a plan's steps. */
type OfRegistries =
  | 'registries'
  | 'elsewhere'
  | 'registriesComplete'
  | 'services'
  | 'lookedAt';

const NO_CREDENTIAL = {
  known: false,
  problem: {
    kind: 'unconfigured',
    code: 'CredentialMissing',
    message: 'acrCmk.azure.credentials.provision is not configured',
  },
} as const;

/**
 * Gathers all facts for a plan for an existing registry.
 *
 * @throws FactsUnavailable when the registry cannot be read
 * @throws ActionRefused when it has no customer-managed key
 * @throws IdentityNotOpen when the identity that the intent names is not open, or not there
 */
export async function gatherFacts(
  input: PlanInput<Change<ChangeIntent>>,
  needs: FactNeeds,
  { inventory, operations, azure, allows }: FactSources,
): Promise<{
  encrypted: EncryptedRegistry;
  context: Omit<PlanContext, OfRegistries>;
  concerns: Concerns;
}> {
  const { change, planId, freshness } = input;
  const { registryId, intent } = change;
  const registry = await inventory.registry(registryId, freshness);
  await input.requireReadable(registry);
  const fresh = requireFresh(registry, registryId.name);
  const encrypted = encryptedRegistryOf(
    await inventory.bundle(fresh.value, freshness),
    fresh.azureAt,
  );
  if (!encrypted) {
    throw new ActionRefused(
      intent.kind,
      'The registry has no customer-managed key in a Key Vault, so there is no key to change',
    );
  }
  const named =
    needs.identity === undefined
      ? undefined
      : await identityNamed(
          { named: needs.identity, registry: encrypted.registry },
          input,
          inventory,
        );
  const identity = named?.identity;
  const target = needs.targetKey
    ? await targetKey(encrypted, { change, identity, freshness }, inventory)
    : undefined;
  const revokes = needs.revoke
    ? await revokesToUndo(change, needs.revoke, operations)
    : [];
  const takenBy = await operations.revokeBehind(registryId);
  const rotationBefore =
    needs.rotationBefore &&
    (await rotationToUndo(change, needs.rotationBefore, operations));
  const { principalId } = encrypted.identity;
  return {
    encrypted,
    concerns: unionOf(
      {
        keys: [encrypted.key, ...(target ? [target.key] : [])],
        principals: principalId ? [principalId] : [],
      },
      concernsOf(revokes.flatMap(({ inverse }) => inverse)),
    ),
    context: {
      credentials: {
        rotate: azure.has('rotate'),
        revoke: azure.has('revoke'),
      },
      revokes,
      lacksKey: await lacksKey(encrypted, { takenBy }, operations),
      disabledVersions: new Set(
        [encrypted, ...(target ? [target] : [])].flatMap(({ key, keyFacts }) =>
          disabledVersionsOf(key, keyFacts),
        ),
      ),
      ...(takenBy &&
        !takenBy.registryId.equals(registryId) && {
          takenBy: {
            operationId: takenBy.id,
            registryName: takenBy.plan.registryName,
          },
        }),
      ...(rotationBefore && { rotationBefore }),
      identity,
      identities: named?.identities ?? [],
      target,
      deletedKey: await deletedKey(
        needs,
        { encrypted, target, freshness },
        inventory,
      ),
      allows,
      guid: guidsFrom(planId),
    },
  };
}

/** Whether a registry has lost its key. Where Azure does not show that it has it, a revoke on record decides. */
async function lacksKey(
  encrypted: EncryptedRegistry,
  { takenBy }: { takenBy?: OperationRecord },
  operations: FactSources['operations'],
): Promise<boolean> {
  const { access } = keyAccessOf(findingsOf(encrypted));
  return (
    access === 'missing' ||
    (access !== 'granted' && takenBy !== undefined) ||
    operations.hasPendingRevoke(encrypted.registry.registryId)
  );
}

/** Whether a revoke has taken something away that was not given back. */
const isToUndo = (revoke: OperationRecord) =>
  hasTaken(revoke) &&
  revoke.endedAt !== undefined &&
  revoke.undoneBy === undefined;

/**
 * The revokes that are not undone, and the one that the intent names. Where it is to be undone alone, a rotation of its
 * registry since is no reason to leave it: others may still lack what it took.
 */
async function revokesToUndo(
  { registryId }: Change,
  { operationId, onlyOperation }: NonNullable<FactNeeds['revoke']>,
  operations: FactSources['operations'],
): Promise<PlanContext['revokes']> {
  const pending = await operations.pendingRevokes(registryId);
  const isPending = pending.some(({ id }) => id === operationId);
  const named =
    operationId === undefined || isPending
      ? undefined
      : await operations.get(operationId);
  const isOfRegistry =
    named?.intent.kind === 'revoke' && named.registryId.key === registryId.key;
  return [
    ...pending.map(({ id, inverse }) => ({
      operationId: id,
      inverse,
      pending: true,
    })),
    ...(named && isOfRegistry
      ? [
          {
            operationId: named.id,
            inverse: named.inverse,
            pending: onlyOperation === true && isToUndo(named),
          },
        ]
      : []),
  ];
}

/** The operation that the intent names, else the latest that changed automatic rotation. */
async function rotationToUndo(
  { registryId }: Change,
  { operationId }: NonNullable<FactNeeds['rotationBefore']>,
  operations: FactSources['operations'],
): Promise<PlanContext['rotationBefore']> {
  const changes = await operations.list({
    registryId,
    kind: 'automatic-rotation',
    limit: 20,
  });
  const undone = changes.find(
    ({ id, state, registryId: of }) =>
      of.key === registryId.key &&
      state === 'succeeded' &&
      (operationId === undefined || id === operationId),
  );
  return undone && { operationId: undone.id, inverse: undone.inverse };
}

/** Gathers all facts for a plan that creates a registry. */
export async function gatherFactsForNew(
  input: PlanInput<Change<CreateRegistryIntent>>,
  needs: FactNeeds,
  { inventory, operations, azure }: FactSources,
): Promise<{
  facts: Omit<NewRegistryFacts, OfRegistries>;
  concerns: Concerns;
}> {
  const { change, planId, entity, freshness } = input;
  const { registryId } = change;
  const key = requireNamedKey(change);
  const [group, registry, name, locations, identity, vault] = await Promise.all(
    [
      inventory.groups.of(registryId.groupId, freshness),
      inventory.registry(registryId, freshness),
      azure.has('provision')
        ? inventory.registryName(registryId)
        : NO_CREDENTIAL,
      azure.has('provision')
        ? inventory.registryLocations(registryId.subscriptionId)
        : NO_CREDENTIAL,
      identityOfNew(input, inventory),
      inventory.vaults.named(key.vaultName, freshness),
    ],
  );
  requireLocation(change.intent, locations);
  const target = await keyInVault(
    { key, vault },
    { freshness, principalId: identity?.principalId },
    inventory,
  );
  const [deleted, madeBefore] = await Promise.all([
    deletedKey(needs, { target, freshness }, inventory),
    keyMadeBefore(input, operations),
  ]);
  return {
    concerns: { keys: [key], principals: [] },
    facts: {
      credentials: {
        rotate: azure.has('rotate'),
        revoke: azure.has('revoke'),
        provision: azure.has('provision'),
      },
      group,
      registry,
      name,
      locations,
      identity,
      ...target,
      deletedKey: deleted,
      madeBefore,
      entity: entity?.exists
        ? entity.named.map(one => ('id' in one ? one.id.toString() : one.text))
        : undefined,
      now: vault.known ? vault.azureAt : 0,
      guid: guidsFrom(planId),
    },
  };
}

/** @throws InvalidInput when Azure has no registries there */
function requireLocation(
  { location }: CreateRegistryIntent,
  locations: Fact<string[]>,
): void {
  if (!locations.known || locations.value.includes(location.toLowerCase())) {
    return;
  }
  throw new InvalidInput(
    'intent.location',
    `Azure has no registries in ${quote(location)}; it has them in ${locations.value.join(', ')}`,
  );
}

function requireNamedKey({ namedKey, intent }: Change) {
  if (!namedKey) throw new Error(`A plan to ${intent.kind} names no key`);
  return namedKey;
}

/** Leftovers of earlier attempts to create this registry, which the next one uses. */
async function keyMadeBefore(
  { change, operationId }: PlanInput,
  operations: FactSources['operations'],
): Promise<{ key?: string }> {
  const attempts = await operations.list({
    registryId: change.registryId,
    kind: change.intent.kind,
    limit: 20,
  });
  const made = attempts
    .filter(({ id }) => id !== operationId)
    .flatMap(({ steps }) => steps)
    .find(({ spec, state }) => spec.kind === 'create-key' && state === 'done');
  return made?.spec.kind === 'create-key' ? { key: made.spec.key } : {};
}

/** A key, its vault, and the access that an identity has to it. */
type KeyInVault = NonNullable<PlanContext['target']>;

/** The facts of the key that the registry is to use: the one that the intent names, else its own. */
async function targetKey(
  { key, vault, keyFacts, identity: own }: EncryptedRegistry,
  {
    change: { namedKey },
    identity,
    freshness,
  }: { change: Change; identity?: Identity; freshness: Freshness },
  inventory: Inventory,
): Promise<KeyInVault> {
  const of = { freshness, principalId: (identity ?? own).principalId };
  if (!namedKey) return keyInVault({ key, vault, keyFacts }, of, inventory);
  const named = await inventory.vaults.named(namedKey.vaultName, freshness);
  return keyInVault({ key: namedKey, vault: named }, of, inventory);
}

/** The facts of a key that is to be used by an identity. Those of the key are read, unless they are given. */
async function keyInVault(
  { key, vault, keyFacts }: Omit<KeyInVault, 'keyFacts'> & Partial<KeyInVault>,
  { freshness, principalId }: { freshness: Freshness; principalId?: string },
  inventory: Inventory,
): Promise<KeyInVault> {
  if (!vault.known) return { key, vault, keyFacts: vault };
  const place = { vaultId: vault.value.id, key };
  const [read, assignments] = await Promise.all([
    keyFacts ?? inventory.vaults.key(place, freshness),
    vault.value.permissionModel === 'rbac' && principalId
      ? inventory.access.assignments(principalId, place, freshness)
      : undefined,
  ]);
  return { key, vault, keyFacts: read, assignments };
}

/** The soft-deleted key of the relevant name, if the vault does not have the key. */
async function deletedKey(
  needs: FactNeeds,
  {
    encrypted,
    target,
    freshness,
  }: {
    encrypted?: EncryptedRegistry;
    target?: KeyInVault;
    freshness: Freshness;
  },
  inventory: Inventory,
): Promise<PlanContext['deletedKey']> {
  const missing =
    needs.deletedKey === 'target' ? target?.vault.known && target : encrypted;
  return needs.deletedKey && missing && isMissing(missing.keyFacts)
    ? inventory.vaults.deletedKey(missing.key, freshness)
    : undefined;
}

function requireFresh(
  fact: Fact<Registry>,
  name: string,
): Extract<Fact<Registry>, { known: true }> {
  const problem = fact.known ? fact.refreshProblem : fact.problem;
  if (!fact.known || problem) {
    throw new FactsUnavailable(
      `The registry ${name}`,
      problem?.message ?? 'it is not known',
    );
  }
  return fact;
}
