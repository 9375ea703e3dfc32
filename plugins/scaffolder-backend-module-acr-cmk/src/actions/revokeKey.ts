import { type Plan, servicesAtRisk } from 'backstage-plugin-acr-cmk-common';
import { TaskError } from '../errors';
import { consumerInWords } from '../operations/describePlan';
import type { Ports } from '../ports';
import { createChangeAction } from './change';
import { exampleOf } from './exampleOf';

const ID = 'acr-cmk:key:revoke';

/** `acr-cmk:key:revoke` */
export function createRevokeKeyAction(ports: Ports) {
  return createChangeAction(ports, {
    id: ID,
    kind: 'revoke',
    intent: 'RevokeIntent',
    description:
      "Takes a container registry's access to its key away, which blocks every pull and push until acr-cmk:key:restore. It only requests the revoke: a second person has to approve it on the registry's Encryption tab, and types the registry's name there. Off unless acrCmk.actions.revoke is true",
    examples: [
      exampleOf(
        'By the method that takes the key from the fewest registries',
        ID,
        {
          entityRef: 'resource:default/shop-images',
          reason: 'Credentials of the build were stolen',
        },
      ),
      exampleOf(
        'Restores automatically after an hour, unless someone keeps it revoked',
        ID,
        {
          entityRef: 'resource:default/shop-images',
          method: 'disable-version',
          restoreAfterMinutes: 60,
          reason: 'Drill',
        },
      ),
    ],
    moreInput: {
      affectOthers: z =>
        z
          .boolean()
          .default(false)
          .describe(
            'Continue although other registries lose their key too, or other Azure services lose one, or may. With false the step ends before it requests anything, and names them',
          ),
    },
    requireAcceptable: (plan, { affectOthers }) =>
      affectOthers || requireNoOthers(plan),
  });
}

/** @throws TaskError that names the other registries that would lose their key, and other services that lose one, or may */
function requireNoOthers(plan: Plan): void {
  const { methods = [], consumers } = plan;
  const chosen = methods.find(one => one.chosen);
  const others = servicesAtRisk(plan);
  if (!chosen || chosen.alsoAffects + others.length === 0) return;
  const named = consumers
    .filter(({ self, effect }) => effect === 'loses-key' && !self)
    .map(consumerInWords);
  const unnamed = chosen.alsoAffects - named.length;
  const who = [
    ...named,
    ...(unnamed > 0 ? [`${unnamed} outside of the portal's scope`] : []),
  ].join(', ');
  const affected = [
    ...(chosen.alsoAffects > 0
      ? [`other registries lose their key too: ${who}`]
      : []),
    ...(others.length > 0
      ? [`other Azure services lose a key too, or may: ${others.join(', ')}`]
      : []),
  ].join('; ');
  throw new TaskError(
    'InputError',
    `Nothing was requested: with ${
      chosen.method
    } ${affected}. Set affectOthers to true if that is meant${
      chosen.recommended ? '' : ', or leave the method out'
    } (OTHERS_LOSE_KEY)`,
  );
}
