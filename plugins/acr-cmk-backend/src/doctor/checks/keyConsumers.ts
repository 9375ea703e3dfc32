import {
  type DoctorLine,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import { allows } from '../../azure/permissions';
import { CONSUMER_READ_ACTIONS } from '../../domain/consumers/readActions';
import { subscriptionsOf } from '../../platform/config';
import { type Check, plural, withScopes } from '../check';
import { ok, unknown } from '../lines';
import { type AzureProbes, skippedWithoutToken } from '../probes';

const ROLE = documentationUrl('docs/roles/key-consumer-reader.json');

/** Missing actions that a line names. */
const MAX_NAMED = 5;

/** Reports which other Azure services that may use keys the read credential may see. */
export const keyConsumers: Check = {
  id: 'key-consumers',
  title: 'Other Azure services that use keys are seen, which is optional',
  run: withScopes(async ({ config, azure, notKnown }) => {
    if (await azure.tokenError('read')) return [skippedWithoutToken('read')];
    try {
      return [await lineOf(subscriptionsOf(config), azure), ...notKnown];
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      return [
        unknown(
          error.message,
          'Correct what the check of the rights reports, then run the doctor again.',
        ),
      ];
    }
  }),
};

async function lineOf(
  subscriptions: readonly string[],
  azure: AzureProbes,
): Promise<DoctorLine> {
  const lacks = new Map<string, string[]>();
  // One after the other: Azure throttles a credential that asks for many at once.
  for (const id of subscriptions) {
    const { value } = await azure.access.permissionsOfCaller(
      `/subscriptions/${id}`,
      'read',
    );
    const missing = CONSUMER_READ_ACTIONS.filter(
      action => !allows(value, action, 'control'),
    );
    if (missing.length > 0) lacks.set(id, missing);
  }
  if (lacks.size === 0) {
    return ok(
      `read: sees resources of the ${CONSUMER_READ_ACTIONS.length} types that may use a key, in ${plural(subscriptions.length, 'subscription')}.`,
    );
  }
  const missing = CONSUMER_READ_ACTIONS.filter(action =>
    [...lacks.values()].some(actions => actions.includes(action)),
  );
  const more = missing.length - MAX_NAMED;
  const named = missing.slice(0, MAX_NAMED).join(', ');
  return ok(
    `read: does not see every other Azure service that may use a key, so who uses a key is known in part. Optional: assign the role of ${ROLE} to the read credential at ${[
      ...lacks.keys(),
    ]
      .map(id => `/subscriptions/${id}`)
      .join(', ')}. It lacks ${named}${more > 0 ? ` and ${more} more` : ''}.`,
  );
}
