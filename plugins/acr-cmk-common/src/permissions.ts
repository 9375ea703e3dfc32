import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

/** See the plugin at all. For the visibility of extensions and actions; it opens no registry. */
export const acrCmkUsePermission = createPermission({
  name: 'acr-cmk.use',
  attributes: { action: 'read' },
});

/** Read the encryption state of the registries that an entity names. */
export const registryReadPermission = createPermission({
  name: 'acr-cmk.registry.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Rotate the key of a registry that an entity names. */
export const keyRotatePermission = createPermission({
  name: 'acr-cmk.key.rotate',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Take a registry's access to its key away, which blocks every pull; retire an old version of it. */
export const keyRevokePermission = createPermission({
  name: 'acr-cmk.key.revoke',
  attributes: { action: 'delete' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Give a registry its access to the key back. */
export const keyRestorePermission = createPermission({
  name: 'acr-cmk.key.restore',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Make a registry that is encrypted with a customer-managed key. */
export const registryCreatePermission = createPermission({
  name: 'acr-cmk.registry.create',
  attributes: { action: 'create' },
});

/** Let an identity use a key, for a registry of an entity. */
export const keyGrantPermission = createPermission({
  name: 'acr-cmk.key.grant',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Agree for registries that belong to no entity, and for those that cannot be listed. */
export const unboundChangePermission = createPermission({
  name: 'acr-cmk.unbound.change',
  attributes: { action: 'update' },
});

/** Approve or reject another person's operation. */
export const operationApprovePermission = createPermission({
  name: 'acr-cmk.operation.approve',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Prepare and start a campaign: one change to many registries. Each member needs what a single operation needs. */
export const campaignCreatePermission = createPermission({
  name: 'acr-cmk.campaign.create',
  attributes: { action: 'create' },
});

/** Read the record of who did what. */
export const auditReadPermission = createPermission({
  name: 'acr-cmk.audit.read',
  attributes: { action: 'read' },
});

/** See how this installation is set up, and what is wrong with it. */
export const doctorReadPermission = createPermission({
  name: 'acr-cmk.doctor.read',
  attributes: { action: 'read' },
});

/** See what the inventory knows of Azure, how old that is, and what is missing. */
export const inventoryReadPermission = createPermission({
  name: 'acr-cmk.inventory.read',
  attributes: { action: 'read' },
});

/** Have everything in Azure listed again now. */
export const inventorySyncPermission = createPermission({
  name: 'acr-cmk.inventory.sync',
  attributes: { action: 'update' },
});

/** Resource type of a registry, whether or not an entity names it; its ref is the registry's ARM id. */
export const RESOURCE_TYPE_ACR_CMK_REGISTRY = 'acr-cmk-registry';

/** See registries of the whole fleet: lists, counts, keys and the export. */
export const fleetReadPermission = createPermission({
  name: 'acr-cmk.fleet.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_ACR_CMK_REGISTRY,
});

/** Every permission of the plugin. */
export const acrCmkPermissions = [
  acrCmkUsePermission,
  registryReadPermission,
  keyRotatePermission,
  keyRevokePermission,
  keyRestorePermission,
  keyGrantPermission,
  unboundChangePermission,
  registryCreatePermission,
  operationApprovePermission,
  campaignCreatePermission,
  auditReadPermission,
  doctorReadPermission,
  inventoryReadPermission,
  inventorySyncPermission,
  fleetReadPermission,
];
