import {
  type DoctorLine,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';
import { inScope, type Scope } from '../../platform/config';
import { skippedWithoutToken, refusal, remedyByKind } from '../probes';
import { type Check, plural, withScopes } from '../check';
import { ok, warning } from '../lines';

const READER_ROLE = documentationUrl('docs/roles/registry-key-reader.json');

export const scopeId = ({ subscriptionId, resourceGroup }: Scope) =>
  resourceGroup === undefined
    ? `/subscriptions/${subscriptionId}`
    : `/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}`;

/** Checks that the read credential can list the registries of each scope. */
export const scopes: Check = {
  id: 'scopes',
  title: 'Each scope can be read',
  run: withScopes(async ({ config, azure, notKnown }) => {
    if (await azure.tokenError('read')) return [skippedWithoutToken('read')];
    const lines = await Promise.all(
      config.scopes.map(async (scope): Promise<DoctorLine> => {
        const id = scopeId(scope);
        const listed = await azure.registriesIn(scope.subscriptionId);
        if (!listed.read) {
          return refusal(
            listed.error,
            remedyByKind(listed.error, {
              denied: `Assign the role of ${READER_ROLE} to the read credential at /subscriptions/${scope.subscriptionId}, where registries are listed, or correct acrCmk.scopes.`,
            }),
          );
        }
        const registries = listed.items.filter(({ registryId }) =>
          inScope([scope], registryId),
        );
        return registries.length === 0
          ? warning(
              `No registry is visible in ${id}.`,
              `If there are registries in it, check the spelling of the scope, and that the read credential has the role of ${READER_ROLE} there.`,
            )
          : ok(
              `${plural(
                registries.length,
                'registry',
                'registries',
              )} in ${id}.`,
            );
      }),
    );
    return [...lines, ...notKnown];
  }),
};
