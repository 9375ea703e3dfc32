import {
  InvalidInput,
  type RevokeIntent,
  type RevokeMethodId,
} from 'backstage-plugin-acr-cmk-common';
import type { EncryptedRegistry } from '../../encryptedRegistry';
import {
  credentialConfigured,
  noOtherOperation,
  othersAffected,
  registryReady,
} from '../checks';
import { encryptionFields, type PlanContext, type PlanDraft } from '../draft';
import { byAccessPolicy, byRoleAssignment } from './byGrant';
import {
  byDeletingKey,
  byDisablingAllVersions,
  byDisablingVersion,
} from './byKey';
import type { Way, WayDefinition } from './way';

/** Every way, narrowest first. */
const WAYS: readonly WayDefinition[] = [
  byAccessPolicy,
  byRoleAssignment,
  byDisablingVersion,
  byDisablingAllVersions,
  byDeletingKey,
];

interface Offer {
  method: RevokeMethodId;
  way: Way;
  alsoAffects: number;
}

const sameId = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Takes a registry's key away, by the way that is asked for or by the narrowest one that works. */
export function planRevoke(
  encrypted: EncryptedRegistry,
  intent: RevokeIntent,
  context: PlanContext,
): PlanDraft {
  const { registry, key } = encrypted;
  const offers: Offer[] = WAYS.map(({ method, way }) => {
    const made = way(encrypted, context);
    return {
      method,
      way: made,
      alsoAffects: made.affected.filter(({ id }) => !sameId(id, registry.id))
        .length,
    };
  });
  const recommended = offers.find(({ way }) => way.unavailable === undefined);
  const chosen =
    offers.find(({ method }) => method === intent.method) ??
    recommended ??
    fitting(offers, encrypted);
  const { way } = chosen;
  if (way.foreign) {
    throw new InvalidInput(
      'intent.method',
      `${way.unavailable} Use ${recommended?.method ?? 'another way'}`,
    );
  }
  const fields = encryptionFields(registry);
  const undoneBy = intent.restoreAfterMinutes;
  return {
    summary: `${way.message} Every pull and push of ${
      registry.name
    } is refused once Azure notices.${
      undoneBy
        ? ` It is undone by itself after ${undoneBy} minutes, unless somebody confirms it.`
        : ''
    }`,
    before: fields,
    after: fields,
    checks: [
      noOtherOperation(context),
      credentialConfigured('revoke', context),
      ...(undoneBy ? [credentialConfigured('rotate', context)] : []),
      registryReady(encrypted),
      ...(way.unavailable && way.checks.length === 0
        ? [
            {
              id: 'way',
              status: 'fail' as const,
              message: way.unavailable,
              remedy: recommended
                ? `Choose ${recommended.method}.`
                : 'Nothing can be taken away now.',
            },
          ]
        : way.checks),
      othersAffected(
        chosen.alsoAffects,
        'they lose their key with it.',
        context,
      ),
    ],
    steps: way.steps.length > 0 ? [...way.steps, ...way.confirm] : [],
    inverse: { message: way.reversible, steps: way.inverse },
    affected: way.affected,
    locks: [registry.id.toLowerCase(), `key:${key.keyOfKey}`],
    typedName: registry.name,
    methods: offers.map(offer => ({
      method: offer.method,
      chosen: offer === chosen,
      recommended: offer === recommended,
      available: offer.way.unavailable === undefined,
      message: offer.way.unavailable ?? offer.way.message,
      reversible: offer.way.reversible,
      alsoAffects: offer.alsoAffects,
    })),
  };
}

/** When no way works, the one that says why best: that of the vault's own model. */
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
