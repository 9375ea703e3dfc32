/** Finds the identity that a plan names, without revealing one that is not open to the entity. */
import {
  type CreateRegistryIntent,
  type Fact,
  FactsUnavailable,
} from 'backstage-plugin-acr-cmk-common';
import { IdentityNotOpen } from '../gate/closed';
import type { PlanInput } from '../gate/Gate';
import {
  findIdentity,
  findNewRegistrysIdentity,
  type IdentityTest,
  identityToCreate,
  isIdentityName,
  type KnownIdentity,
  isSystemIdentityText,
  noSuchIdentity,
} from '../../domain/identity';
import { isMissing } from '../../domain/isMissing';
import type { Change } from '../../domain/plan/change';
import type { Registry } from '../../domain/registry';
import type { Inventory } from '../../inventory/Inventory';

/** The part of a plan's input that identities are found by. */
type IdentityInput<C extends Change = Change> = Pick<
  PlanInput<C>,
  'change' | 'freshness' | 'isIdentityOpen'
>;

const NO_IDENTITIES: Fact<KnownIdentity[]> = {
  known: true,
  value: [],
  observedAt: 0,
  azureAt: 0,
};

/**
 * The identity that an intent names for a registry which exists, and all that it could have meant.
 *
 * @throws IdentityNotOpen when it is not open, or not there
 */
export async function identityNamed(
  { named, registry }: { named: string; registry: Registry },
  of: IdentityInput,
  inventory: Inventory,
) {
  const attached = registry.userAssignedIdentities.map(({ resourceId }) =>
    resourceId.toLowerCase(),
  );
  // One that the registry has already needs nobody to open it.
  const isIdentityOpen: IdentityTest = identity =>
    attached.includes(identity.resourceId.toLowerCase()) ||
    of.isIdentityOpen(identity);
  const meant = await matchingIdentities(
    named.trim(),
    { ...of, isIdentityOpen },
    inventory,
  );
  const identity =
    findIdentity(named, registry, meant) ??
    refuseIdentity('intent.identity', named.trim(), of);
  return { identity, identities: meant.known ? meant.value : [] };
}

/**
 * The identity that a new registry is to use, if it exists: one that is open, or, where one is to be
 * created, the one of that name in its resource group. If that one is not open to this entity, the
 * gate refuses it: the name is taken.
 *
 * @throws IdentityNotOpen when none is to be created, and the one that is named is not open, or not
 * there
 */
export async function identityOfNew(
  of: IdentityInput<Change<CreateRegistryIntent>>,
  inventory: Inventory,
): Promise<KnownIdentity | undefined> {
  const { change, freshness, isIdentityOpen } = of;
  const { intent, registryId } = change;
  const text = intent.identity.name.trim();
  // One that is to be created is looked for in the resource group alone.
  const listed =
    intent.identity.create && isIdentityName(text)
      ? NO_IDENTITIES
      : await matchingIdentities(text, of, inventory);
  const known = findNewRegistrysIdentity(text, listed);
  if (known) return known;
  const refuse = () => refuseIdentity('intent.identity.name', text, of);
  if (!isIdentityName(text)) return refuse();
  const resourceId = identityToCreate(registryId, text);
  const found = await inventory.identities.of(resourceId, freshness);
  const isOpen = isIdentityOpen(found.known ? found.value : { resourceId });
  if (!isOpen && !intent.identity.create) return refuse();
  if (found.known) return found.value;
  if (isMissing(found)) return undefined;
  throw new FactsUnavailable(`The identity ${text}`, found.problem.message);
}

/** Identities that a text may mean. The registry's own system-assigned identity is in no list. */
async function matchingIdentities(
  text: string,
  { freshness, isIdentityOpen }: IdentityInput,
  inventory: Inventory,
): Promise<Fact<KnownIdentity[]>> {
  return isSystemIdentityText(text)
    ? NO_IDENTITIES
    : inventory.identities.matching(text, freshness, isIdentityOpen);
}

/** Refuses an identity. Its absence is revealed only for one that the entity might use. */
function refuseIdentity(
  field: string,
  named: string,
  { change, isIdentityOpen }: IdentityInput,
): never {
  throw isIdentityOpen({ resourceId: named })
    ? noSuchIdentity(field)
    : new IdentityNotOpen(change.intent.kind, named, {
        entityRef: change.entityRef,
        field,
      });
}
