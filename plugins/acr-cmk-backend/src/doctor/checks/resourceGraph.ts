import {
  type DoctorLine,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';
import { subscriptionsOf } from '../../platform/config';
import { queriesFor } from '../../inventory/refresh/sweepRules';
import {
  type AzureProbes,
  refusal,
  remedyByKind,
  skippedWithoutToken,
} from '../probes';
import { type Check, plural, shortened, withScopes } from '../check';
import { ok, warning } from '../lines';
import { SEE_SUBSCRIPTIONS } from '../neededRights';

const ROLE = documentationUrl('docs/roles/registry-key-reader.json');

/** Checks that Azure Resource Graph answers the read credential, and shows what ARM shows. */
export const resourceGraph: Check = {
  id: 'resource-graph',
  title: 'Azure Resource Graph answers, and shows what ARM lists',
  run: withScopes(async ({ config, azure, notKnown }) => {
    if (await azure.tokenError('read')) return [skippedWithoutToken('read')];
    try {
      return [...(await linesOf(subscriptionsOf(config), azure)), ...notKnown];
    } catch (error) {
      const refused = refusal(
        error,
        remedyByKind(error, {
          denied: `Assign the role of ${ROLE} to the read credential at each subscription of acrCmk.scopes.`,
        }),
      );
      // A warning: without Resource Graph the plugin reads over ARM, which the check of the scopes tries.
      return [
        refused.status === 'failed'
          ? { ...refused, status: 'warning' }
          : refused,
      ];
    }
  }),
};

async function linesOf(
  subscriptions: readonly string[],
  azure: AzureProbes,
): Promise<DoctorLine[]> {
  const graph = azure.resourceGraph;
  const readable: string[] = [];
  const counts: Awaited<ReturnType<typeof graph.counts>>['value'] = [];
  for (const group of queriesFor(subscriptions)) {
    readable.push(...(await graph.readable(group)).value);
    counts.push(...(await graph.counts(group)).value);
  }
  const lines: DoctorLine[] = [];
  for (const id of subscriptions) {
    if (!readable.includes(id)) {
      lines.push(
        warning(
          `Resource Graph does not show the subscription ${id}, so it is listed over ARM, and role assignments are read one by one.`,
          `Assign the role of ${ROLE} to the read credential at /subscriptions/${id}: it has ${SEE_SUBSCRIPTIONS}, without which Resource Graph hides the subscription.`,
        ),
      );
    }
    for (const [kind, list] of [
      ['registries', await azure.registriesIn(id)],
      ['vaults', await azure.vaultsIn(id)],
    ] as const) {
      const shown =
        counts.find(each => each.kind === kind && each.subscriptionId === id)
          ?.count ?? 0;
      // The check of the scopes reports a list that ARM refuses.
      if (list.read && shown < list.items.length) {
        lines.push(
          warning(
            `Resource Graph shows ${shown} of the ${list.items.length} ${kind} that ARM lists in the subscription ${id}.`,
            `Run the doctor again in ten minutes, because Resource Graph learns of changes late. If the numbers still differ, assign the role of ${ROLE} to the read credential at /subscriptions/${id}.`,
          ),
        );
      }
    }
  }
  if (lines.length > 0) return shortened(lines, 'subscriptions');
  const total = counts
    .filter(({ kind }) => kind === 'registries')
    .reduce((sum, { count }) => sum + count, 0);
  return [
    ok(
      `It shows ${plural(
        total,
        'registry',
        'registries',
      )} in the subscriptions of the scopes.`,
    ),
  ];
}
