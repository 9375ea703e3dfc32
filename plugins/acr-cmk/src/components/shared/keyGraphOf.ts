import type {
  Consumer,
  KeyIdentifier,
  KeyService,
  ServicesLookedAt,
} from 'backstage-plugin-acr-cmk-common';
import type { Texts } from '../../translations/ref';
import { joined } from './joined';
import { keyHomeWords } from './keyHome';
import type { GraphLink, GraphNode } from './keyGraphLayout';
import { shortVersion } from './shortVersion';

export interface KeyUsage {
  /** Absent for a key whose name is not known yet. */
  key?: KeyIdentifier;
  consumers: readonly Consumer[];
  /** False: a node says that others are not known. */
  consumersComplete?: boolean;
  services?: readonly KeyService[];
  /** Extent of what is known of other services; a node says what is missing. */
  servicesLookedAt?: ServicesLookedAt;
}

const entityNode = (kind: 'component' | 'team', ref: string): GraphNode => ({
  id: ref,
  kind,
  label: ref.split('/').pop() ?? ref,
  entityRef: ref,
});

/** The key with the registries and other services that use it, their entities and the owners of these. */
export function keyGraphOf(
  t: Texts,
  usage: KeyUsage,
): { nodes: GraphNode[]; links: GraphLink[] } {
  const { key, consumers, services = [], servicesLookedAt } = usage;
  const nodes = new Map<string, GraphNode>();
  const links = new Map<string, GraphLink>();
  const add = (node: GraphNode, from?: string) => {
    nodes.set(node.id, node);
    // Two registries may have one entity, which leads to its owner once.
    if (from) links.set(`${from} ${node.id}`, { from, to: node.id });
  };
  const addEntities = (
    from: string,
    { entities, hiddenEntities }: Pick<Consumer, 'entities' | 'hiddenEntities'>,
  ) => {
    for (const { entityRef, owner } of entities) {
      add(entityNode('component', entityRef), from);
      if (owner) add(entityNode('team', owner), entityRef);
    }
    if (hiddenEntities === 0) return;
    const label = t('affected.hidden', { count: hiddenEntities });
    add({ id: `hidden ${from}`, kind: 'component', label }, from);
  };

  add({
    id: 'key',
    kind: 'key',
    label: key?.keyName ?? t('graph.column.key'),
    detail: key && keyHomeWords(t, key.vaultName).home,
  });
  for (const consumer of consumers) {
    const { registryId, registryName } = consumer;
    add(
      {
        id: registryId,
        kind: 'registry',
        label: registryName,
        detail: consumerInWords(t, consumer),
        effect: consumer.effect,
      },
      'key',
    );
    addEntities(registryId, consumer);
  }
  if (usage.consumersComplete === false) {
    add(
      {
        id: 'other-registries',
        kind: 'registry',
        label: t('graph.otherRegistries'),
        detail: joined([t('graph.effect.not-known'), t('graph.notAllRead')]),
        effect: 'not-known',
      },
      'key',
    );
  }
  for (const { type, service, resources, hiddenResources } of services) {
    for (const resource of resources) {
      const { id, name, behind, effect } = resource;
      const detail = joined([
        effect && t(`graph.effect.${effect}`),
        service,
        behind,
      ]);
      add({ id, kind: 'service', label: name, detail, effect }, 'key');
      addEntities(id, resource);
    }
    if (hiddenResources > 0) {
      const label = t('services.hidden', { count: hiddenResources });
      add({ id: type, kind: 'service', label, detail: service }, 'key');
    }
  }
  if (servicesLookedAt && servicesLookedAt.state !== 'all') {
    add(
      {
        id: 'other-services',
        kind: 'service',
        label: t('services.title'),
        detail: joined([
          t('graph.effect.not-known'),
          t(`graph.notLookedAt.${servicesLookedAt.state}`),
        ]),
        effect: 'not-known',
      },
      'key',
    );
  }
  return { nodes: [...nodes.values()], links: [...links.values()] };
}

/** Effect of a plan, or else version mode and version of the registry. */
function consumerInWords(t: Texts, consumer: Consumer): string {
  const { self, effect, outcome, versionMode, versionInUse, inCatalog } =
    consumer;
  const own = self && t('affected.self');
  // What it means to lose the key stands above all of them.
  if (effect === 'loses-key') return joined([t('graph.effect.loses-key'), own]);
  if (outcome) return joined([own, outcome]);
  // Its version and mode stand on its tab.
  if (own) return own;
  return joined([
    versionMode && t(`mode.short.${versionMode}`),
    versionInUse && shortVersion(versionInUse),
    !inCatalog && t('affected.outside'),
  ]);
}
