import { subscriptionsOf } from '../../config';
import { skippedWithoutToken, refusal, remedyByKind } from '../AzureForDoctor';
import {
  type Check,
  groupsNotKnown,
  noScope,
  NOT_UNDERSTOOD,
  ok,
  plural,
} from '../check';

/** Checks that Azure Resource Graph answers the read credential. */
export const resourceGraph: Check = {
  id: 'resource-graph',
  title: 'Azure Resource Graph answers',
  async run({ config, azure }) {
    if (!config.understood || !azure) return [...NOT_UNDERSTOOD];
    const subscriptions = subscriptionsOf(config.value);
    if (subscriptions.length === 0) return noScope(config);
    if (await azure.tokenError('read')) return [skippedWithoutToken('read')];
    try {
      const count = await azure.diagnosis.countByResourceGraph(subscriptions);
      return [
        ok(
          `It shows ${plural(
            count,
            'registry',
            'registries',
          )} in the subscriptions of the scopes.`,
        ),
        ...groupsNotKnown(config),
      ];
    } catch (error) {
      const failed = refusal(
        error,
        remedyByKind(error, {
          denied:
            'Assign the role of docs/roles/registry-key-reader.json to the read credential at each scope.',
        }),
      );
      // A warning: without Resource Graph the plugin reads over ARM, which the check of the scopes tries.
      return [
        failed.status === 'failed' ? { ...failed, status: 'warning' } : failed,
      ];
    }
  },
};
