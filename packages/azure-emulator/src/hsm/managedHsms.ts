import { arm } from '../errors';
import { resourceId, same, shownName, TYPES, vaultUri } from '../state/ids';
import { Vault } from '../state/model';
import { ARM_PAGE_SIZE } from '../assumptions';
import { groupOf, subscriptionOf } from '../arm/scopes';
import { systemDataJson, vaultTime } from '../arm/systemData';
import type { Answer, Call, Route } from '../types';
import { ok, page } from '../http/answers';
import { needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const ACTION = TYPES.hsm;
const IN_GROUP = `/subscriptions/{subscription}/resourceGroups/{group}/providers/${ACTION}`;

/** The control plane of Managed HSMs, which exist in worlds only: they can be read. */
export const managedHsmRoutes: Route[] = [
  route(
    `GET /subscriptions/{subscription}/providers/${ACTION}`,
    needsAction(`${ACTION}/read`),
    call => {
      const { subscriptionId } = subscriptionOf(call);
      return list(call, hsm => same(hsm.subscriptionId, subscriptionId));
    },
  ),
  route(`GET ${IN_GROUP}/{name}`, needsAction(`${ACTION}/read`), call => {
    const group = groupOf(call);
    const { name } = call.params;
    const found = call.azure.store.get(
      'vaults',
      resourceId(group, ACTION, name),
    );
    if (!found) throw arm.resourceNotFound(ACTION, name, group.name);
    return ok(hsmJson(found));
  }),
];

function list(call: Call, wanted: (hsm: Vault) => boolean): Answer {
  const { rows, nextLink } = page(
    call.request,
    call.azure.store.all('vaults').filter(doc => doc.hsm && wanted(doc)),
    { size: ARM_PAGE_SIZE, tokenName: '$skiptoken' },
  );
  return ok({ value: rows.map(hsmJson), ...(nextLink && { nextLink }) });
}

/** A Managed HSM as ARM returns it. */
export function hsmJson(hsm: Vault) {
  return {
    id: hsm.id,
    name: shownName(hsm.name),
    type: ACTION,
    location: hsm.location,
    tags: hsm.tags,
    sku: hsm.sku,
    systemData: systemDataJson(hsm, vaultTime),
    properties: {
      tenantId: hsm.tenantId,
      hsmUri: `${vaultUri(hsm.name)}/`,
      enableSoftDelete: true,
      softDeleteRetentionInDays: hsm.softDeleteRetentionInDays,
      enablePurgeProtection: hsm.enablePurgeProtection ?? false,
      networkAcls: hsm.networkAcls ?? {
        bypass: 'AzureServices',
        defaultAction: 'Allow',
        ipRules: [],
        virtualNetworkRules: [],
      },
      publicNetworkAccess: hsm.publicNetworkAccess,
      provisioningState: 'Succeeded',
      statusMessage: 'The Managed HSM is provisioned and ready to use.',
      securityDomainProperties: {
        activationStatus: 'Active',
        activationStatusMessage: 'Your HSM has been activated.',
      },
    },
  };
}
