import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { keyOf } from './annotations';
import { keyEntity, registryEntity, vaultEntity } from './entities';
import { type Link, Links } from './Links';
import { nameOf } from './names';
import { ownerOf } from './owners';
import type { Annotated, OwnEntity } from './readAnnotated';
import type { Inventory, KeyRecord } from './records';

/** How entities are made. */
export interface OfferSettings {
  namespace: string;
  defaultOwner: string;
  ownerTags: readonly string[];
}

/** What the catalog is offered, and how everything is linked. */
export interface Offer {
  entities: readonly Entity[];
  /** Refs of entities that were offered before, and that are known to be needed no more. */
  removed: readonly string[];
  links: Links;
  /** Things whose name an entity of somebody else has. */
  taken: readonly string[];
  /** Tags that should name an owner and hold no entity ref. */
  malformedOwners: number;
}

/**
 * Compares what Azure has with what the catalog holds. Pure.
 *
 * @param taken - refs that entities of others have
 */
export function makeOffer(
  inventory: Inventory,
  { own, adopted }: Annotated,
  options: { settings: OfferSettings; taken: ReadonlySet<string> },
): Offer {
  const { namespace } = options.settings;
  const entities = new Map<string, Entity>();
  const taken = new Set<string>();
  let malformedOwners = 0;

  /** The entity that stands for something: one that exists, or one that is offered. */
  const standIn = (
    existing: string | undefined,
    { name, tags }: { name: string; tags: Readonly<Record<string, string>> },
    make: (place: { name: string; namespace: string; owner: string }) => Entity,
  ): string | undefined => {
    if (existing !== undefined) return existing;
    const ref = stringifyEntityRef({ kind: 'Resource', namespace, name });
    if (options.taken.has(ref)) {
      taken.add(ref);
      return undefined;
    }
    if (!entities.has(ref)) {
      const { owner, malformed } = ownerOf(tags, options.settings);
      malformedOwners += malformed.length;
      entities.set(ref, make({ name, namespace, owner }));
    }
    return ref;
  };
  const links = {
    registries: new Map<string, Link>(),
    keys: new Map<string, Link>(),
    vaults: new Map<string, Link>(),
  };
  const toLink = (ref: string, dependsOn: string | undefined): Link => ({
    ref,
    ...(dependsOn && { dependsOn }),
  });

  const vaultRef = (vault: KeyRecord['vault']): string | undefined => {
    const known = links.vaults.get(vault.name);
    if (known) return known.ref;
    const ref = standIn(
      adopted.vaults.get(vault.name),
      { name: nameOf.vault(vault.name), tags: vault.tags },
      place => vaultEntity(vault, place),
    );
    if (ref) links.vaults.set(vault.name, { ref });
    return ref;
  };
  const keyRef = (key: KeyRecord): string | undefined => {
    const { keyName, vault } = key;
    const id = keyOf(vault.name, keyName);
    const known = links.keys.get(id);
    if (known) return known.ref;
    const dependsOn = vaultRef(vault);
    const ref = standIn(
      adopted.keys.get(id),
      // A key's own tags are those of its newest version, which anybody who rotates it may change.
      { name: nameOf.key(vault.name, keyName), tags: vault.tags },
      place => keyEntity(key, { ...place, dependsOn }),
    );
    if (ref) links.keys.set(id, toLink(ref, dependsOn));
    return ref;
  };
  for (const registry of inventory.registries) {
    const { id, tags, key } = registry;
    const dependsOn = key && keyRef(key);
    const ref = standIn(
      adopted.registries.get(id.key),
      { name: nameOf.registry(id.name), tags },
      place => registryEntity(registry, { ...place, dependsOn }),
    );
    if (ref) links.registries.set(id.key, toLink(ref, dependsOn));
  }

  const isGone = goneOf(inventory);
  return {
    entities: [...entities.values()],
    removed: needless({ inventory, own, adopted, isGone })
      .map(({ ref }) => ref)
      .filter(ref => !entities.has(ref)),
    links: new Links(links, isGone),
    taken: [...taken],
    malformedOwners,
  };
}

/** Is a registry that the inventory does not show known not to be there? */
function goneOf({
  registries,
  subscriptions,
  othersOutOfScope,
  malformed,
}: Inventory): (registryId: string) => boolean {
  const shown = new Set(registries.map(({ id }) => id.key));
  return id => {
    // An inventory without anything is taken for one that was not read.
    if (shown.size === 0 || subscriptions.size === 0) return false;
    if (shown.has(id) || malformed.ids.has(id) || !malformed.named) {
      return false;
    }
    const [, , subscription] = id.split('/');
    return subscriptions.get(subscription) ?? othersOutOfScope;
  };
}

/** Entities of ours for things that others stand for now, or that are known not to be there. */
function needless({
  inventory,
  own,
  adopted,
  isGone,
}: {
  inventory: Inventory;
  own: readonly OwnEntity[];
  adopted: Annotated['adopted'];
  isGone: (registryId: string) => boolean;
}): OwnEntity[] {
  const shown = new Set(inventory.registries.map(({ id }) => id.key));
  const everySeen = [
    ...own.flatMap(({ named }) => named.registries),
    ...adopted.registries.keys(),
  ].every(id => shown.has(id) || isGone(id));
  // A registry that is not seen may use any key, and its vault.
  const allSeen =
    everySeen &&
    shown.size > 0 &&
    inventory.malformed.count === 0 &&
    [...inventory.subscriptions.values()].every(whole => whole);
  return own.filter(({ named }) => {
    const { registries, keys, vaults } = named;
    if (registries.length > 0) {
      return registries.every(id => adopted.registries.has(id) || isGone(id));
    }
    return (
      allSeen ||
      keys.some(id => adopted.keys.has(id)) ||
      vaults.some(id => adopted.vaults.has(id))
    );
  });
}
