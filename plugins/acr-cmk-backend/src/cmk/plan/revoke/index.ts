import {
  InvalidInput,
  type RevokeIntent,
  type RevokeMethodId,
} from 'backstage-plugin-acr-cmk-common';
import type { Subject } from '../../subject';
import {
  credentialConfigured,
  noOtherOperation,
  othersTouched,
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
  hits: number;
}

const sameId = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

/** Takes a registry's key away, by the way that is asked for or by the narrowest one that works. */
export function planRevoke(
  subject: Subject,
  intent: RevokeIntent,
  context: PlanContext,
): PlanDraft {
  const { registry, key } = subject;
  const offers: Offer[] = WAYS.map(({ method, way }) => {
    const made = way(subject, context);
    return {
      method,
      way: made,
      hits: made.touched.filter(({ id }) => !sameId(id, registry.id)).length,
    };
  });
  const recommended = offers.find(({ way }) => way.unavailable === undefined);
  const chosen =
    offers.find(({ method }) => method === intent.method) ??
    recommended ??
    fitting(offers, subject);
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
    summary: `${way.sentence} Every pull and push of ${
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
      registryReady(subject),
      ...(way.unavailable && way.checks.length === 0
        ? [
            {
              id: 'way',
              status: 'fail' as const,
              sentence: way.unavailable,
              remedy: recommended
                ? `Choose ${recommended.method}.`
                : 'Nothing can be taken away now.',
            },
          ]
        : way.checks),
      othersTouched(chosen.hits, 'they lose their key with it.', context),
    ],
    steps: way.steps.length > 0 ? [...way.steps, ...way.confirm] : [],
    inverse: { sentence: way.reversible, steps: way.inverse },
    touched: way.touched,
    locks: [registry.id.toLowerCase(), `key:${key.keyOfKey}`],
    typedName: registry.name,
    methods: offers.map(offer => ({
      method: offer.method,
      chosen: offer === chosen,
      recommended: offer === recommended,
      available: offer.way.unavailable === undefined,
      sentence: offer.way.unavailable ?? offer.way.sentence,
      reversible: offer.way.reversible,
      hits: offer.hits,
    })),
  };
}

/** When no way works, the one that says why best: that of the vault's own model. */
function fitting(offers: readonly Offer[], { vault }: Subject): Offer {
  const method =
    vault.known && vault.value.permissionModel === 'rbac'
      ? 'role-assignment'
      : 'access-policy';
  return offers.find(offer => offer.method === method) ?? offers[0];
}
