import {
  InvalidInput,
  keyRevokePermission,
  type RegistryId,
  type RevokeIntent,
  type RevokeMethodId,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../../check';
import { effectsOf, registriesLosingKey } from '../../effects';
import type { EncryptedRegistry } from '../../encryptedRegistry';
import { credentialConfigured, othersAffected } from '../checks';
import {
  encryptionFields,
  type PlanContext,
  type PlanDraft,
  withEffects,
} from '../draft';
import type { ExistingRegistryIntent } from '../intent';
import { testBefore } from '../../steps/recordPull';
import { grantMethods } from './byGrant';
import { keyMethods } from './byKey';
import type { MethodPlan, RevokeMethodPlanner } from './method';

/** Every method of the API, the most exactly reversible first. */
const METHODS: Record<RevokeMethodId, RevokeMethodPlanner> = {
  ...grantMethods,
  ...keyMethods,
};

interface Offer {
  method: RevokeMethodId;
  plan: MethodPlan;
  /** Other registries. */
  alsoAffects: number;
  /** Resources of other Azure services that lose the key, or may. */
  services: number;
}

/** Plans a revoke by the requested method, or by the one that affects the fewest registries and services. */
function planRevoke(
  encrypted: EncryptedRegistry,
  intent: RevokeIntent,
  context: PlanContext,
): PlanDraft {
  const { registry } = encrypted;
  const offers = (
    Object.entries(METHODS) as [RevokeMethodId, RevokeMethodPlanner][]
  ).map(([method, planBy]): Offer => {
    const made = planBy(encrypted, context);
    return {
      method,
      plan: made,
      ...othersWithoutKey(made, registry.registryId, context),
    };
  });
  // A stable sort: of those that hit as few, the most reversible comes first.
  const [recommended] = offers
    .filter(({ plan }) => plan.unavailable === undefined)
    .sort((a, b) => a.alsoAffects + a.services - (b.alsoAffects + b.services));
  const chosen =
    offers.find(({ method }) => method === intent.method) ??
    recommended ??
    fitting(offers, encrypted);
  const { plan } = chosen;
  if (plan.unsuitable) {
    throw new InvalidInput(
      'intent.method',
      `${plan.unavailable} Use ${recommended?.method ?? 'another method'}`,
    );
  }
  const fields = encryptionFields(registry);
  const undoneBy = intent.restoreAfterMinutes;
  return withEffects(
    {
      summary: `${plan.message} Every pull and push of ${
        registry.name
      } is refused once Azure notices.${
        undoneBy
          ? ` It is restored automatically after ${undoneBy} minutes, unless someone keeps it revoked.`
          : ''
      }`,
      before: fields,
      after: fields,
      checks: [
        credentialConfigured('revoke', context),
        ...(undoneBy ? [credentialConfigured('rotate', context)] : []),
        ...(plan.unavailable && plan.checks.length === 0
          ? [
              check('method').fail(
                plan.unavailable,
                recommended
                  ? `Choose ${recommended.method}.`
                  : 'No method works now.',
              ),
            ]
          : plan.checks),
        othersAffected(
          chosen.alsoAffects,
          'they lose access to their key too.',
          context,
        ),
      ],
      steps:
        plan.steps.length > 0
          ? [testBefore(registry), ...plan.steps, ...plan.confirm]
          : [],
      inverse: {
        message: plan.reversible,
        steps: plan.inverse,
        ...(plan.inverse.length > 0 && { by: 'restore' as const }),
      },
      typedName: registry.name,
      methods: offers.map(offer => ({
        method: offer.method,
        chosen: offer === chosen,
        recommended: offer === recommended,
        available: offer.plan.unavailable === undefined,
        message: offer.plan.unavailable ?? offer.plan.message,
        reversible: offer.plan.reversible,
        alsoAffects: offer.alsoAffects,
        services: offer.services,
      })),
    },
    { ...context, registry },
  );
}

/** Numbers of others that lose their key by a method, including registries out of scope. */
function othersWithoutKey(
  { steps }: MethodPlan,
  self: RegistryId,
  { registries, elsewhere, services }: PlanContext,
): Pick<Offer, 'alsoAffects' | 'services'> {
  const effects = effectsOf(steps, {
    registries: [...registries, ...elsewhere],
    services,
  });
  const losers = registriesLosingKey(effects);
  losers.delete(self.key);
  const ids = effects.flatMap(effect =>
    effect.kind === 'service-loses-key' ? [effect.serviceId] : [],
  );
  return { alsoAffects: losers.size, services: new Set(ids).size };
}

/** Takes a registry's access to its key away. */
export const revokeIntent: ExistingRegistryIntent<RevokeIntent> = {
  registry: 'existing',
  permission: keyRevokePermission,
  credentials: ['revoke'],
  takesAway: true,
  needs: () => ({}),
  plan: planRevoke,
};

/** Picks the method that best explains why none works: the one of the vault's permission model. */
function fitting(
  offers: readonly Offer[],
  { vault }: EncryptedRegistry,
): Offer {
  const method =
    vault.known && vault.value.permissionModel === 'rbac'
      ? 'role-assignment'
      : 'access-policy';
  return offers.find(offer => offer.method === method) ?? offers[0];
}
