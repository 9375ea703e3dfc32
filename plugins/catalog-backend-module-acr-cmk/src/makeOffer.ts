import { type Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { Adoption } from './Adoption';
import { keyOf, type Named } from './annotations';
import { keyEntity, registryEntity, vaultEntity } from './entities';
import { type Link, Links } from './Links';
import { nameOf } from './names';
import { ownerOf } from './owners';
import type { Annotated, OwnEntity } from './readAnnotated';
import type { Inventory, KeyRecord } from './records';

/** Settings for the entities. */
export interface OfferSettings {
  namespace: string;
  defaultOwner: string;
  ownerTags: readonly string[];
}

/** Entities offered to the catalog, and the links between them. */
export interface Offer {
  entities: readonly Entity[];
  /** Refs of entities that were offered before, and that are known to be needed no more. */
  removed: readonly string[];
  links: Links;
  /** Things whose name a foreign entity has. */
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
  { own, candidates }: Annotated,
  options: { settings: OfferSettings; taken: ReadonlySet<string> },
): Offer {
  const { namespace } = options.settings;
  const entities = new Map<string, Entity>();
  const taken = new Set<string>();
  const adoption = new Adoption(inventory, candidates);
  let malformedOwners = 0;

  /** The entity that stands for something: one that exists, or one that is offered. */
  const refFor = (
    { kind, id, entityRefs, name, tags }: Thing,
    make: (place: { name: string; namespace: string; owner: string }) => Entity,
  ): string | undefined => {
    const ref = stringifyEntityRef({ kind: 'Resource', namespace, name });
    const adopted = adoption.of(kind, { id, ownRef: ref, entityRefs });
    if (adopted !== undefined) return adopted;
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
    const ref = refFor(
      {
        ...vault,
        kind: 'vaults',
        id: vault.name,
        name: nameOf.vault(vault.name),
      },
      place => vaultEntity(vault, place),
    );
    if (ref) links.vaults.set(vault.name, { ref });
    return ref;
  };
  const keyRef = (key: KeyRecord): string | undefined => {
    const { keyName, vault, entityRefs } = key;
    const id = keyOf(vault.name, keyName);
    const known = links.keys.get(id);
    if (known) return known.ref;
    const dependsOn = vaultRef(vault);
    const ref = refFor(
      {
        kind: 'keys',
        id,
        entityRefs,
        name: nameOf.key(vault.name, keyName),
        // A key's own tags belong to its newest version, and anyone who rotates it may change them.
        tags: vault.tags,
      },
      place => keyEntity(key, { ...place, dependsOn }),
    );
    if (ref) links.keys.set(id, toLink(ref, dependsOn));
    return ref;
  };
  for (const registry of inventory.registries) {
    const { id, tags, entityRefs, key } = registry;
    const dependsOn = key && keyRef(key);
    const ref = refFor(
      {
        kind: 'registries',
        id: id.key,
        entityRefs,
        name: nameOf.registry(id.name),
        tags,
      },
      place => registryEntity(registry, { ...place, dependsOn }),
    );
    if (ref) links.registries.set(id.key, toLink(ref, dependsOn));
  }

  const isGone = goneIn(inventory);
  return {
    entities: [...entities.values()],
    removed: removable({
      inventory,
      own,
      candidates,
      adoption,
      isGone,
      refOf: id => links.registries.get(id)?.ref,
    })
      .map(({ ref }) => ref)
      .filter(ref => !entities.has(ref)),
    links: new Links(links, isGone),
    taken: [...taken],
    malformedOwners,
  };
}

/** A thing that needs an entity, and the name of that entity when it is ours. */
interface Thing {
  kind: keyof Named;
  id: string;
  entityRefs: readonly string[];
  name: string;
  tags: Readonly<Record<string, string>>;
}

/** Predicate for registries that are known not to exist. */
function goneIn({
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

/**
 * Entities of ours for things that other entities stand for now, of others or of ours in another namespace, or that are
 * known not to be there.
 */
function removable({
  inventory,
  own,
  candidates,
  adoption,
  isGone,
  refOf,
}: {
  inventory: Inventory;
  own: readonly OwnEntity[];
  candidates: Annotated['candidates'];
  adoption: Adoption;
  isGone: (registryId: string) => boolean;
  /** Entity that stands for a registry now. */
  refOf: (registryId: string) => string | undefined;
}): OwnEntity[] {
  const shown = new Set(inventory.registries.map(({ id }) => id.key));
  const everySeen = [
    ...own.flatMap(({ named }) => named.registries),
    ...candidates.registries.keys(),
  ].every(id => shown.has(id) || isGone(id));
  // A registry that is not seen may use any key, and its vault.
  const allSeen =
    everySeen &&
    shown.size > 0 &&
    inventory.malformed.count === 0 &&
    [...inventory.subscriptions.values()].every(whole => whole);
  return own.filter(({ ref, named }) => {
    const { registries, keys, vaults } = named;
    if (registries.length > 0) {
      return registries.every(id => (refOf(id) ?? ref) !== ref || isGone(id));
    }
    return (
      allSeen ||
      keys.some(id => adoption.isAdopted('keys', id)) ||
      vaults.some(id => adoption.isAdopted('vaults', id))
    );
  });
}
