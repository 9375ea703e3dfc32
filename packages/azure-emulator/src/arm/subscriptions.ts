import { Subscription } from '../state/model';
import { visibleSubscriptions } from './scopes';
import type { Azure, Route } from '../types';
import { ok } from '../http/answers';
import { NEEDS_TOKEN, routesOf } from '../http/route';

const route = routesOf('arm');

/** The list of subscriptions. */
export const subscriptionRoutes: Route[] = [
  route('GET /subscriptions', NEEDS_TOKEN, call => {
    const value = visibleSubscriptions(call);
    return ok({
      value: value.map(found => subscriptionJson(call.azure, found)),
      count: { type: 'Total', value: value.length },
    });
  }),
];

function subscriptionJson({ settings }: Azure, found: Subscription) {
  return {
    id: found.id,
    authorizationSource: 'RoleBased',
    managedByTenants: [],
    subscriptionId: found.subscriptionId,
    tenantId: settings.tenantId,
    displayName: found.displayName,
    state: 'Enabled',
    subscriptionPolicies: {
      locationPlacementId: 'Public_2014-09-01',
      quotaId: 'EnterpriseAgreement_2014-09-01',
      spendingLimit: 'Off',
    },
  };
}
