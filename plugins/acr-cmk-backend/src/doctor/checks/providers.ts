import {
  type DoctorLine,
  documentationUrl,
} from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../azure/AzureError';
import { subscriptionsOf } from '../../platform/config';
import {
  type Check,
  type ConfiguredPorts,
  shortened,
  withScopes,
} from '../check';
import { CHECK_NETWORK, ok, unknown, warning } from '../lines';
import { type AzureProbes, refusal, skippedWithoutToken } from '../probes';

const DOCUMENTED = documentationUrl('docs/permissions.md#in-azure');

/** Checks that each subscription is registered for the resource providers that the portal uses in it. */
export const providers: Check = {
  id: 'providers',
  title: 'Subscriptions are registered for the resource providers',
  run: withScopes(async ports => {
    const { config, azure, notKnown } = ports;
    // The role of the read credential has no right to ask; the one of the provision credential has.
    const job = config.credentials.provision ? 'provision' : 'read';
    if (await azure.tokenError(job)) return [skippedWithoutToken(job)];
    const found = await Promise.all(
      subscriptionsOf(config).map(id => linesOf(id, job, ports)),
    );
    const wrong = found.flat();
    return [
      ...(wrong.length > 0
        ? shortened(wrong, 'subscriptions')
        : [
            ok(
              'Each subscription of the scopes is registered for the resource providers.',
            ),
          ]),
      ...notKnown,
    ];
  }),
};

async function linesOf(
  id: string,
  job: 'read' | 'provision',
  { config, azure }: ConfiguredPorts,
): Promise<DoctorLine[]> {
  const used = await namespacesUsed(id, azure);
  if (!used) {
    return [
      unknown(
        `Skipped for the subscription ${id}, whose registries or vaults cannot be listed.`,
        'Correct what the check of the scopes reports, then run the doctor again.',
      ),
    ];
  }
  const asked = [
    'Microsoft.ContainerRegistry',
    'Microsoft.KeyVault',
    'Microsoft.ManagedIdentity',
    ...(config.events ? ['Microsoft.EventGrid'] : []),
  ].filter(namespace => !used.has(namespace));
  const lines: DoctorLine[] = [];
  const notChecked: string[] = [];
  for (const namespace of asked) {
    try {
      const state = await azure.registrationState(id, namespace, job);
      if (!/^Regist(ered|ering)$/i.test(state)) {
        lines.push(
          warning(
            `The subscription ${id} is not registered for ${namespace} (${state}).`,
            `If the portal is to use ${namespace} there, run az provider register --namespace ${namespace} --subscription ${id}. See ${DOCUMENTED}.`,
          ),
        );
      }
    } catch (error) {
      if (error instanceof AzureError && error.kind === 'denied') {
        notChecked.push(namespace);
      } else {
        lines.push(refusal(error, CHECK_NETWORK));
      }
    }
  }
  return notChecked.length === 0
    ? lines
    : [
        ...lines,
        unknown(
          `Not checked whether the subscription ${id} is registered for ${notChecked.join(', ')}: the ${job} credential may not read that, and nothing of them is listed there.`,
          `If the portal is to use them there, run az provider show --subscription ${id} --query registrationState --namespace <name> for each, and az provider register where it is not Registered. See ${DOCUMENTED}.`,
        ),
      ];
}

/**
 * Resource providers with a resource in the subscription, which is then registered for them: Azure does not unregister
 * a provider that has resources (azure-docs, resource-providers-and-types.md). Undefined when they cannot be listed.
 */
async function namespacesUsed(
  id: string,
  azure: AzureProbes,
): Promise<Set<string> | undefined> {
  const [registries, vaults] = await Promise.all([
    azure.registriesIn(id),
    azure.vaultsIn(id),
  ]);
  if (!registries.read || !vaults.read) return undefined;
  const { registries: all } = await azure.registriesInScope();
  const identities = all.flatMap(({ userAssignedIdentities }) =>
    userAssignedIdentities.filter(({ resourceId }) =>
      resourceId
        .toLowerCase()
        .startsWith(`/subscriptions/${id.toLowerCase()}/`),
    ),
  );
  return new Set([
    ...(registries.items.length > 0 ? ['Microsoft.ContainerRegistry'] : []),
    ...(vaults.items.length > 0 ? ['Microsoft.KeyVault'] : []),
    ...(identities.length > 0 ? ['Microsoft.ManagedIdentity'] : []),
  ]);
}
