/** Names of the emulator's demo world, and entities that lead to it. */
import type { Entity } from '@backstage/catalog-model';
import { REGISTRY_ID_ANNOTATION } from 'backstage-plugin-acr-cmk-common';

export const SUBSCRIPTION = '11111111-2222-4333-8444-555555555555';

/** Scopes of a configuration that manages the demo world's registries. */
export const SCOPES = ['rg-shop', 'rg-platform'].map(
  group => `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}`,
);

/** ARM id of a registry of the demo world. */
export const registryId = (name: string, group = 'rg-shop') =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/${group}/providers/Microsoft.ContainerRegistry/registries/${name}`;

/** A person of the catalog, in one group or none. */
export function person(name: string, group?: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'User',
    metadata: { name, namespace: 'default' },
    spec: { memberOf: group ? [group] : [] },
    relations: group
      ? [{ type: 'memberOf', targetRef: `group:default/${group}` }]
      : [],
  };
}

export const group = (name: string): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name, namespace: 'default' },
  spec: { type: 'team', children: [] },
});

/** A `Resource` that names registries. */
export function resource(
  name: string,
  annotation: string,
  team = 'team-shop',
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Resource',
    metadata: {
      name,
      namespace: 'default',
      annotations: { [REGISTRY_ID_ANNOTATION]: annotation },
    },
    spec: { type: 'container-registry', owner: `group:default/${team}` },
    relations: [{ type: 'ownedBy', targetRef: `group:default/${team}` }],
  };
}
