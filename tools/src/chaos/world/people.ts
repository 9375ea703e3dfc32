/** The catalog and the people of the suite: who may do what, as a table. */
import type { Entity } from '@backstage/catalog-model';
import { acrCmkPermissions } from 'backstage-plugin-acr-cmk-common';
import {
  registryId,
  resource,
} from 'backstage-plugin-acr-cmk-backend/src/__testUtils__/demoWorld';

/** The catalog is asked as the person, so what they may do there counts as well. */
const READ_CATALOG = 'catalog.entity.read';
const EVERYTHING = [READ_CATALOG, ...acrCmkPermissions.map(({ name }) => name)];

/** Owns every registry of the catalog. */
export const OWNER = 'group:default/team-shop';

/** Two who may do everything, one who may look only. */
const MAY: Record<string, readonly string[]> = {
  'user:default/olivia': EVERYTHING,
  'user:default/priya': EVERYTHING,
  'user:default/vera': [READ_CATALOG, 'acr-cmk.use', 'acr-cmk.registry.read'],
};

export type Person = 'olivia' | 'priya' | 'vera';

/** People who ask for changes. */
export const OPERATORS = ['olivia', 'priya'] as const;
/** Person to whom every change is refused. */
export const VISITOR = 'vera';

/** The other one of the two: an approval needs a second person. */
export const otherThan = (person: Person): Person =>
  person === 'olivia' ? 'priya' : 'olivia';

export const userRef = (person: Person) => `user:default/${person}`;

export function mayDo(userEntityRef: string, permission: string): boolean {
  return MAY[userEntityRef.toLowerCase()]?.includes(permission) ?? false;
}

/** A registry that operations are about. */
export interface Target {
  registry: string;
  registryId: string;
  entityRef: string;
}

const target = (entity: string, registry: string, group = 'rg-shop') => ({
  registry,
  registryId: registryId(registry, group),
  entityRef: `resource:default/${entity}`,
});

/**
 * Registries of the demo world that work at the start: vaults with roles and with access policies,
 * automatic and manual, a system identity, and two with one key. Few, so that they are fought for.
 */
export const TARGETS: readonly Target[] = [
  target('shop-images', 'shopimages'),
  target('orders-images', 'ordersimages'),
  target('payments-images', 'paymentsimages'),
  target('catalog-images', 'catalogimages'),
  target('billing-images', 'billingimages'),
  target('shared-base', 'sharedbase', 'rg-platform'),
  target('shared-tools', 'sharedtools', 'rg-platform'),
];

/** A registry that does not exist yet. */
export const newTarget = (name: string): Target => target(name, name, 'rg-new');

/** Names of the registries that only drills are about, each with a key and an identity of its own. */
const DRILL_REGISTRIES = [
  'drillhalf',
  'drilltimer',
  'drillstack',
  'drillpulls',
  'drillretire',
  'drillfrozen',
  'drillkilled',
  'drillunseen',
] as const;

export type DrillRegistry = (typeof DRILL_REGISTRIES)[number];

/** Names of the registries that campaigns alone change, beside everything else, each with a key and an identity of its own. */
export const CAMPAIGN_REGISTRIES = [
  'campaigna1',
  'campaigna2',
  'campaigna3',
  'campaignb1',
  'campaignb2',
  'campaignb3',
] as const;

/** Names of the registries of the drill of campaigns. */
export const CAMPAIGN_DRILL_REGISTRIES = [
  'campaigndrill1',
  'campaigndrill2',
  'campaigndrill3',
  'campaigndrill4',
] as const;

/** Names of all registries that are made for a run. */
export const OWN_REGISTRIES = [
  ...DRILL_REGISTRIES,
  ...CAMPAIGN_REGISTRIES,
  ...CAMPAIGN_DRILL_REGISTRIES,
] as const;

const person = (name: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'User',
  metadata: { name, namespace: 'default' },
  spec: { memberOf: ['team-shop'] },
  relations: [{ type: 'memberOf', targetRef: OWNER }],
});

export const ENTITIES: Entity[] = [
  ...[...TARGETS, ...OWN_REGISTRIES.map(newTarget)].map(
    ({ entityRef, registryId: id }) => resource(entityRef.split('/')[1], id),
  ),
  ...['olivia', 'priya', 'vera'].map(person),
  {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name: 'team-shop', namespace: 'default' },
    spec: { type: 'team', children: [] },
  },
];
