import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  assertNever,
  type CampaignFilter,
  type CampaignIntent,
  ENTITY_REF_TAG,
  InvalidInput,
  type KeyIdentifier,
  quote,
  type RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { boundEntities, isOwnerRef } from '../../catalog/binding';
import { inScope } from '../../platform/config';
import type { Context } from '../../platform/context';
import { refsInTags } from '../../domain/refsInTags';
import type { Registry } from '../../domain/registry';
import type { NamedBy } from '../../registries/fleet/fleetFields';
import type { FleetReader } from '../../registries/fleet/FleetReader';
import type { RegistryRows } from '../../inventory/rows/registries';
import { az } from '../../domain/steps/az';
import type { CampaignChange, SelectedThings } from './request';
import { AUTOMATIC, type NewMember } from './types';

/** Members of a new campaign. */
interface SelectedMembers {
  members: NewMember[];
  /** Commands of `az` that link the unlinked registries to entities. */
  unlinkedCommands: string[];
}

/** A selected registry, or a key with the registries that change together. */
interface Unit {
  /** Key of a unit that is a key. */
  key?: KeyIdentifier;
  /** Ones that the caller may see, in the order in which they may be named. */
  registries: Registry[];
  /** Ids of all known registries in scope that change together. */
  all: RegistryId[];
}

/** Proof that a registry belongs to an entity which the caller may see. */
type Proof =
  | { is: 'proven'; entityRef: string; owner?: string }
  /** It is proven to belong to an entity that does not name it, or that the caller may not see. */
  | { is: 'elsewhere' }
  | { is: 'unlinked'; namedBy: Naming };

/** Entities that name a registry in their annotations, which proves nothing. */
type Naming = Pick<NamedBy, 'entities' | 'hiddenEntities'>;

interface SelectorContext {
  config: Pick<Context['config'], 'bindings' | 'scopes'>;
  limits: Pick<Context['limits'], 'campaignMembers'>;
}

interface SelectorParts {
  fleet: Pick<FleetReader, 'idsMatching' | 'visibleIds' | 'namedBy'>;
  registries: Pick<RegistryRows, 'getAll' | 'usersOf'>;
}

const NO_KEY =
  'The registry has no customer-managed key in a Key Vault, so there is no key to change.';
const ELSEWHERE = `The tag ${ENTITY_REF_TAG} or acrCmk.bindings names an entity, but no such entity that you may see names the registry in its annotations. Ask the owner of the registry to change it, or to correct the tag.`;
const UNLINKED = `Set the tag ${ENTITY_REF_TAG} on the registry, or add it to acrCmk.bindings: no entity is proven to own it.`;
const ENTITY_TO_CHOOSE = '<kind:namespace/name of the entity>';
/** Entities that the message of an unlinked registry names. */
const MAX_CANDIDATES = 5;

const byName = (a: Registry, b: Registry) =>
  a.name.localeCompare(b.name, 'en') ||
  (a.registryId.key < b.registryId.key ? -1 : 1);

const isManual = ({ key }: Registry) => key?.version !== undefined;

/** Whether a member of this intent is a key, because the key changes. */
export const isOfKeys = ({ kind }: CampaignIntent): boolean =>
  kind === 'new-version' || kind === 'automatic-rotation';

/** Finds the members that a request selects, among what the caller may see of the fleet. */
export class MemberSelector {
  readonly #context: SelectorContext;
  readonly #parts: SelectorParts;

  constructor(context: SelectorContext, parts: SelectorParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /**
   * Members with an entity are `pending`: they are to be planned. The others have their outcome.
   *
   * @throws InvalidInput that names the field, when it selects nothing, too much, or what the caller may not see
   */
  async select(
    { intent, selected }: CampaignChange,
    credentials: BackstageCredentials,
  ): Promise<SelectedMembers> {
    const ids = await this.#idsOf(selected, intent, credentials);
    const found = await this.#parts.registries.getAll(ids);
    const registries = found.sort(byName);
    const units = isOfKeys(intent)
      ? await this.#byKey(registries, intent, credentials)
      : alone(registries);
    if (units.length === 0) {
      throw new InvalidInput(
        'selection',
        'selects no registry that you may see',
      );
    }
    this.#requireFewEnough(
      units.length,
      isOfKeys(intent) ? 'keys' : 'registries',
    );
    return this.#toMembers(units, intent, credentials);
  }

  /** Ids of the selected registries, each of which the caller may see. */
  async #idsOf(
    selected: SelectedThings,
    intent: CampaignIntent,
    credentials: BackstageCredentials,
  ): Promise<readonly string[]> {
    switch (selected.kind) {
      case 'registries':
        return this.#named(selected.ids, credentials);
      case 'keys':
        return this.#usingKeys(selected.keys, credentials);
      case 'filter':
        return this.#matching(selected.filter, intent, credentials);
      default:
        return assertNever(selected);
    }
  }

  async #named(
    ids: readonly RegistryId[],
    credentials: BackstageCredentials,
  ): Promise<string[]> {
    const keys = ids.map(({ key }) => key);
    const visible = await this.#parts.fleet.visibleIds(keys, credentials);
    const unknown = keys.findIndex(key => !visible.has(key));
    if (unknown >= 0) {
      throw new InvalidInput(
        `selection.registryIds.${unknown}`,
        `${quote(ids[unknown].toString())} is not a registry that you may see`,
      );
    }
    return keys;
  }

  async #usingKeys(
    keys: readonly KeyIdentifier[],
    credentials: BackstageCredentials,
  ): Promise<string[]> {
    const selected = new Set<string>();
    for (const [index, key] of keys.entries()) {
      const users = await this.#parts.registries.usersOf(key);
      const visible = await this.#parts.fleet.visibleIds(
        users.map(({ registryId }) => registryId.key),
        credentials,
      );
      if (visible.size === 0) {
        throw new InvalidInput(
          `selection.keys.${index}`,
          `no registry that you may see uses the key ${quote(key.toString())}`,
        );
      }
      visible.forEach(id => selected.add(id));
    }
    return [...selected];
  }

  async #matching(
    filter: CampaignFilter,
    intent: CampaignIntent,
    credentials: BackstageCredentials,
  ): Promise<string[]> {
    const { campaignMembers: maxMembers } = this.#context.limits;
    const { fleet } = this.#parts;
    const { ids, total, searchIncomplete } = await fleet.idsMatching(
      filter,
      credentials,
      // Any number of registries may use one key.
      isOfKeys(intent) ? Number.MAX_SAFE_INTEGER : maxMembers,
    );
    if (searchIncomplete) {
      throw new InvalidInput(
        'selection.filter.search',
        'matches too many entities, so that registries would be missing; search for more of the name',
      );
    }
    if (!isOfKeys(intent)) this.#requireFewEnough(total, 'registries');
    return ids;
  }

  #requireFewEnough(count: number, what: string): void {
    const { campaignMembers: maxMembers } = this.#context.limits;
    if (count > maxMembers) {
      throw new InvalidInput(
        'selection',
        `selects ${count} ${what}; a campaign may have ${maxMembers}. Narrow the filter`,
      );
    }
  }

  /** The keys of registries, each with all that use it. A registry without a key is by itself. */
  async #byKey(
    registries: readonly Registry[],
    { kind }: CampaignIntent,
    credentials: BackstageCredentials,
  ): Promise<Unit[]> {
    const keys = new Map(
      registries.flatMap(({ key }) => (key ? [[key.keyOfKey, key]] : [])),
    );
    const withUsers: { key: KeyIdentifier; users: Registry[] }[] = [];
    for (const key of keys.values()) {
      const users = await this.#parts.registries.usersOf(key);
      withUsers.push({
        key: key.versionless,
        users: users.filter(({ registryId }) =>
          inScope(this.#context.config.scopes, registryId),
        ),
      });
    }
    const visible = await this.#parts.fleet.visibleIds(
      withUsers.flatMap(({ users }) =>
        users.map(({ registryId }) => registryId.key),
      ),
      credentials,
    );
    const units = withUsers.map(({ key, users }): Unit => ({
      key,
      registries: users
        .filter(({ registryId }) => visible.has(registryId.key))
        .sort(
          (a, b) =>
            // One in manual mode would be pinned to the new version, and the others would follow late.
            (kind === 'new-version'
              ? Number(isManual(a)) - Number(isManual(b))
              : 0) || byName(a, b),
        ),
      all: users.map(({ registryId }) => registryId),
    }));
    return (
      [...units, ...alone(registries.filter(({ key }) => !key))]
        // A registry may have gone to another key meanwhile.
        .filter(unit => unit.registries.length > 0)
        .sort((a, b) => nameOf(a).localeCompare(nameOf(b), 'en'))
    );
  }

  async #toMembers(
    units: readonly Unit[],
    intent: CampaignIntent,
    credentials: BackstageCredentials,
  ): Promise<SelectedMembers> {
    const ids = units.flatMap(({ registries }) =>
      registries.map(({ registryId }) => registryId.key),
    );
    const namedBy = await this.#parts.fleet.namedBy(ids, credentials);
    const proofOf = (registry: Registry) =>
      this.#proofOf(registry, namedBy(registry.registryId.key));
    const unlinkedCommands: string[] = [];
    const members = units.map((unit, index): NewMember => {
      const proofs = unit.registries.map(registry => ({
        registry,
        proof: proofOf(registry),
      }));
      const { registry, proof } =
        proofs.find(one => one.proof.is === 'proven') ??
        proofs.find(one => one.proof.is === 'elsewhere') ??
        proofs[0];
      const member = toMember({ ...unit, registry }, index + 1);
      if (!registry.key) {
        return { ...member, outcome: 'blocked', message: NO_KEY };
      }
      if (
        intent.kind === 'automatic-mode' &&
        !isManual(registry) &&
        proof.is !== 'proven'
      ) {
        // Nothing has to be changed, so nobody has to own it.
        const words = { before: AUTOMATIC, after: AUTOMATIC };
        return { ...member, ...words, outcome: 'already' };
      }
      switch (proof.is) {
        case 'proven':
          return { ...member, entityRef: proof.entityRef, owner: proof.owner };
        case 'elsewhere':
          return { ...member, outcome: 'blocked', message: ELSEWHERE };
        default:
          unlinkedCommands.push(linkCommand(registry, proof.namedBy));
          return {
            ...member,
            outcome: 'unlinked',
            message: [UNLINKED, ...candidatesInWords(proof.namedBy)].join(' '),
          };
      }
    });
    return { members, unlinkedCommands };
  }

  #proofOf(registry: Registry, namedBy: Naming): Proof {
    const bound = boundEntities(registry, this.#context.config.bindings).filter(
      ref => !isOwnerRef(ref),
    );
    const proven = namedBy.entities.find(({ entityRef }) =>
      bound.includes(entityRef.toLowerCase()),
    );
    if (proven) return { is: 'proven', ...proven };
    return bound.length > 0 ? { is: 'elsewhere' } : { is: 'unlinked', namedBy };
  }
}

function nameOf({ key, registries: [first] }: Unit): string {
  return key ? `${key.vaultName}/${key.keyName}` : first.name;
}

function alone(registries: readonly Registry[]): Unit[] {
  return registries.map(registry => ({
    registries: [registry],
    all: [registry.registryId],
  }));
}

function toMember(
  unit: Unit & { registry: Registry },
  position: number,
): NewMember {
  const { registry, key, all } = unit;
  return {
    position,
    name: nameOf(unit),
    registryId: registry.registryId,
    key,
    vaultHost: registry.key?.vaultHost.toLowerCase(),
    subscriptionId: registry.registryId.subscriptionId,
    registries: all,
    outcome: 'pending',
    needs: [],
  };
}

/**
 * The command that sets the tag, and keeps what it names already. The tag gives the registry to the owner of the entity,
 * and anybody may write an annotation: where several entities name the registry, a person has to choose.
 */
function linkCommand(
  registry: Registry,
  { entities, hiddenEntities }: Naming,
): string {
  const isOnlyOne = entities.length === 1 && hiddenEntities === 0;
  const refs = [
    ...refsInTags(registry.tags),
    isOnlyOne ? entities[0].entityRef : ENTITY_TO_CHOOSE,
  ];
  return az('tag update', {
    operation: 'Merge',
    tags: `${ENTITY_REF_TAG}=${refs.join(',')}`,
    'resource-id': registry.id,
  });
}

/** The entities that name a registry, with their owners, in a sentence. Empty without any. */
function candidatesInWords({ entities, hiddenEntities }: Naming): string[] {
  const named = entities.map(
    ({ entityRef, owner }) =>
      `${entityRef} (${owner ? `owner ${owner}` : 'without an owner'})`,
  );
  const further = named.length - MAX_CANDIDATES;
  const candidates = [
    ...named.slice(0, MAX_CANDIDATES),
    ...(further > 0 ? [`${further} more`] : []),
    ...(hiddenEntities > 0 ? [`${hiddenEntities} that you may not see`] : []),
  ];
  return candidates.length > 0
    ? [`Entities that name it in their annotations: ${candidates.join(', ')}.`]
    : [];
}
