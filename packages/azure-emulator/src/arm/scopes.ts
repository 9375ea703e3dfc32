import { arm } from '../errors';
import { covers, groupId } from '../state/ids';
import { Group, Subscription } from '../state/model';
import {
  effectiveAssignments,
  reachesSubscriptions,
} from '../access/roleAccess';
import { coversScope } from './managementGroupTree';
import type { Call } from '../types';

/** The subscription of the path; throws Azure's error when there is none. */
export function subscriptionOf({ azure, params }: Call): Subscription {
  const found = azure.store.get(
    'subscriptions',
    `/subscriptions/${params.subscription}`,
  );
  if (!found) {
    throw arm.subscriptionNotFound(params.subscription);
  }
  return found;
}

/** The resource group of the path; Azure checks the group before the resource. */
export function groupOf(call: Call): Group {
  const { azure, params } = call;
  subscriptionOf(call);
  const found = azure.store.get(
    'groups',
    groupId(params.subscription, params.group),
  );
  if (!found) {
    throw arm.groupNotFound(params.group);
  }
  return found;
}

/** The subscriptions in which the caller has a role; Azure hides the others. */
export function visibleSubscriptions({
  azure,
  caller,
}: Pick<Call, 'azure' | 'caller'>): Subscription[] {
  const all = azure.store.all('subscriptions');
  if (caller.admin) {
    return all;
  }
  const assignments = effectiveAssignments(
    azure,
    caller.id,
    azure.now(),
  ).filter(assignment => reachesSubscriptions(azure, assignment));
  return all.filter(({ id }) =>
    assignments.some(
      ({ scope }) => coversScope(azure, scope, id) || covers(id, scope),
    ),
  );
}
