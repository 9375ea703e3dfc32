import type {
  KeyService,
  PlanEffect,
  ServiceResource,
  ServicesLookedAt,
} from 'backstage-plugin-acr-cmk-common';
import type {
  Consumer,
  ConsumerUse,
  LookedAt,
} from '../domain/consumers/consumer';
import { consumerType, NOT_SHOWN } from '../domain/consumers/types';
import { refsInTags } from '../domain/refsInTags';
import { isoTime } from '../platform/database/clock';
import type { EntitiesBehind } from './CatalogLinks';

/** Singular and plural of the resources that a disk encryption set encrypts, by type. */
const BEHIND: Record<string, [string, string]> = {
  'microsoft.compute/disks': ['disk', 'disks'],
  'microsoft.compute/snapshots': ['snapshot', 'snapshots'],
  'microsoft.containerservice/managedclusters': [
    'Kubernetes cluster',
    'Kubernetes clusters',
  ],
};

const refsOf = ({ entities }: ServiceResource): string[] =>
  entities.map(({ entityRef }) => entityRef);

/** Name at the end of an ARM id, or a client id as it is. */
const nameOfIdentity = (reference: string): string =>
  reference === 'system' ? 'system-assigned' : reference.split('/').at(-1)!;

const behindInWords = (behind: Consumer['behind'] = {}): string =>
  Object.entries(behind)
    .filter(([, count]) => count > 0)
    .map(([type, count]) => {
      const [one, several] = BEHIND[type] ?? [type, type];
      return `${count} ${count === 1 ? one : several}`;
    })
    .join(', ');

function toUse(
  { key, use, isInUse, follows }: ConsumerUse,
  type: string,
): ServiceResource['uses'][number] {
  const within = follows && consumerType(type)?.followsWithin;
  return {
    use,
    ...(key.version && { version: key.version }),
    isInUse,
    ...(follows !== undefined && { follows }),
    ...(within && { followsWithin: within }),
  };
}

function resourceOf(
  consumer: Consumer,
  keys: ReadonlySet<string>,
): ServiceResource {
  const { id, name, resourceGroup, subscriptionId, location } = consumer;
  const uses = consumer.uses.filter(({ key }) => keys.has(key.keyOfKey));
  const identities = uses.flatMap(use =>
    use.identities.map(({ reference }) => nameOfIdentity(reference)),
  );
  const behind = behindInWords(consumer.behind);
  return {
    id,
    name,
    resourceGroup,
    subscriptionId,
    location,
    uses: uses.map(use => toUse(use, consumer.type)),
    identities: [...new Set(identities)],
    entities: refsInTags(consumer.tags).map(entityRef => ({ entityRef })),
    hiddenEntities: 0,
    ...(behind && { behind }),
  };
}

/**
 * Resources of other Azure services, by service, with each entity that their tags name: for a stored plan, which each
 * reader sees differently.
 *
 * @param keys - `KeyIdentifier.keyOfKey` of the keys whose uses are of interest
 * @param effectOf - effect of the plan on a resource
 */
export function servicesOf(
  consumers: readonly Consumer[],
  keys: ReadonlySet<string>,
  effectOf?: (consumer: Consumer) => PlanEffect | undefined,
): KeyService[] {
  const byType = Map.groupBy(consumers, ({ type }) => type);
  return [...byType].map(([type, ofType]): KeyService => {
    const { service = type, onLoss, keepsEarlier } = consumerType(type) ?? {};
    return {
      type,
      service,
      ...(onLoss && { onLoss }),
      ...(keepsEarlier && { keepsEarlier }),
      resources: ofType.map(consumer => {
        const effect = effectOf?.(consumer);
        return { ...resourceOf(consumer, keys), ...(effect && { effect }) };
      }),
      hiddenResources: 0,
    };
  });
}

/**
 * Resources of other Azure services as a viewer may see them. One whose entities the viewer may not see is counted,
 * not named.
 */
export function presentServices(
  services: readonly KeyService[],
  behind: (entityRefs: readonly string[]) => EntitiesBehind,
): KeyService[] {
  return services.map(service => {
    const all = service.resources.map(resource => {
      const { visible, hidden } = behind(refsOf(resource));
      return { ...resource, entities: visible, hiddenEntities: hidden };
    });
    const resources = all.filter(
      ({ entities, hiddenEntities }) =>
        entities.length > 0 || hiddenEntities === 0,
    );
    return {
      ...service,
      resources,
      hiddenResources: all.length - resources.length,
    };
  });
}

/** Entities that the tags of these resources name. */
export const entitiesOfServices = (services: readonly KeyService[] = []) =>
  services.flatMap(({ resources }) => resources.flatMap(refsOf));

/** Extent of what was looked at. Subscriptions are counted, since not every viewer may know them. */
export function presentLookedAt({
  state,
  at,
  types,
  notReadable,
}: LookedAt): ServicesLookedAt {
  return {
    state,
    ...(at !== undefined && { at: isoTime(at) }),
    types,
    notReadable: notReadable.length,
    notShown: [...NOT_SHOWN],
  };
}
