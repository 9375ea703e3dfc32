import { RESOURCE_TYPE_ACR_CMK_REGISTRY } from 'backstage-plugin-acr-cmk-common';
import {
  createConditionExports,
  createPermissionResourceRef,
  createPermissionRule,
} from '@backstage/plugin-permission-node';
// Version 3, as the catalog's rules: of a version 4 schema not every release in our range can say the
// JSON schema that editors of conditions read.
import { z } from 'zod/v3';
import { type FleetCondition, type FleetResource, holds } from './conditions';
import { lower } from '../../platform/text';

/** Registries, for permission rules. */
export const registryPermissionResourceRef = createPermissionResourceRef<
  FleetResource,
  FleetCondition
>().with({
  pluginId: 'acr-cmk',
  resourceType: RESOURCE_TYPE_ACR_CMK_REGISTRY,
});

/** `toQuery` and `apply` of a rule, from the one condition that both mean. */
function meaning<P>(toCondition: (params: P) => FleetCondition) {
  return {
    apply: (resource: FleetResource, params: P) =>
      holds(toCondition(params), resource),
    toQuery: toCondition,
  };
}

const isRegistryOwner = createPermissionRule({
  name: 'IS_REGISTRY_OWNER',
  description:
    'Allow registries that an entity of one of these owners names, or whose tag names one of them',
  resourceRef: registryPermissionResourceRef,
  paramsSchema: z.object({
    claims: z
      .array(z.string())
      .describe(
        'Ownership entity refs of the person: they, their groups, or entities',
      ),
  }),
  ...meaning(({ claims }: { claims: string[] }) => ({
    kind: 'owned-by',
    refs: claims.map(lower),
  })),
});

const isOfEntity = createPermissionRule({
  name: 'IS_OF_ENTITY',
  description:
    'Allow registries that one of these entities names in its annotations, or whose tag names one of them',
  resourceRef: registryPermissionResourceRef,
  paramsSchema: z.object({
    entityRefs: z
      .array(z.string())
      .describe('Full entity refs, such as resource:default/shop-images'),
  }),
  ...meaning(({ entityRefs }: { entityRefs: string[] }) => ({
    kind: 'of-entity',
    refs: entityRefs.map(lower),
  })),
});

const inSubscription = createPermissionRule({
  name: 'IN_SUBSCRIPTION',
  description: 'Allow registries in one of these Azure subscriptions',
  resourceRef: registryPermissionResourceRef,
  paramsSchema: z.object({
    subscriptions: z.array(z.string()).describe('Subscription ids'),
  }),
  ...meaning(({ subscriptions }: { subscriptions: string[] }) => ({
    kind: 'in-subscription',
    ids: subscriptions.map(lower),
  })),
});

const inResourceGroup = createPermissionRule({
  name: 'IN_RESOURCE_GROUP',
  description: 'Allow registries in one of these Azure resource groups',
  resourceRef: registryPermissionResourceRef,
  paramsSchema: z.object({
    resourceGroups: z.array(z.string()).describe('Names of resource groups'),
    subscription: z
      .string()
      .optional()
      .describe('Id of their subscription; any by default'),
  }),
  ...meaning(
    ({
      resourceGroups,
      subscription,
    }: {
      resourceGroups: string[];
      subscription?: string;
    }) => ({
      kind: 'in-resource-group',
      names: resourceGroups.map(lower),
      ...(subscription === undefined
        ? {}
        : { subscriptionId: lower(subscription) }),
    }),
  ),
});

const inState = createPermissionRule({
  name: 'IN_STATE',
  description: 'Allow registries in one of these states',
  resourceRef: registryPermissionResourceRef,
  paramsSchema: z.object({
    states: z
      .array(z.string())
      .describe('Such as revoked, expired, behind, unknown or current'),
  }),
  ...meaning(({ states }: { states: string[] }) => ({
    kind: 'in-state',
    states: states.map(lower),
  })),
});

const hasNoEntity = createPermissionRule({
  name: 'HAS_NO_ENTITY',
  description: 'Allow registries that no entity names in its annotations',
  resourceRef: registryPermissionResourceRef,
  paramsSchema: z.object({}),
  ...meaning(() => ({ kind: 'unbound' })),
});

/** Every rule, by the name of its condition. */
const rules = {
  isRegistryOwner,
  isOfEntity,
  inSubscription,
  inResourceGroup,
  inState,
  hasNoEntity,
};

export const registryPermissionRules = Object.values(rules);

const { conditions, createConditionalDecision } = createConditionExports({
  resourceRef: registryPermissionResourceRef,
  rules,
});

/**
 * Conditions on registries, for a permission policy that decides about `acr-cmk.fleet.read`.
 *
 * @public
 */
export const registryConditions = conditions;

/**
 * A decision that depends on the registry, from `registryConditions`.
 *
 * @public
 */
export const createRegistryConditionalDecision = createConditionalDecision;
