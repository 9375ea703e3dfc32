import { type Effect, mayGiveBackByVersion } from '../../domain/effects';
import type { OwnershipFacts } from '../../domain/plan/draft';
import { isAtNewKey, isKeyCreated } from './effectRules';

/**
 * Harm that an effect may do to a registry that could not be listed: what follows "others may". Nothing where such a
 * registry keeps what it has. `docs/permissions.md` has the table in words.
 */
export function harmToUnlisted(
  effect: Effect,
  effects: readonly Effect[],
  facts: Pick<OwnershipFacts, 'keys'>,
): string | undefined {
  switch (effect.kind) {
    case 'key-changed':
      return isHarmlessToKey(effect, effects, facts)
        ? undefined
        : 'use the key';
    case 'registry-begins-to-use-key':
      return isKeyCreated(effect.key, effects) ? undefined : 'use the key';
    case 'access-granted':
      // Nobody else has an identity that the plan makes, or had a key that it makes.
      return /^(created|system)-identity$/.test(effect.to) ||
        isAtNewKey(effect, effects)
        ? undefined
        : 'get their key back';
    case 'access-removed':
      // The platform has to agree anyway where no known registry loses its key.
      return effects.some(({ kind }) => kind === 'registry-loses-key')
        ? 'lose their key'
        : undefined;
    default:
      return undefined;
  }
}

/** A key that the plan creates has no users, and a new version takes nothing from those of a key. */
function isHarmlessToKey(
  { key, change }: Extract<Effect, { kind: 'key-changed' }>,
  effects: readonly Effect[],
  { keys }: Pick<OwnershipFacts, 'keys'>,
): boolean {
  switch (change) {
    case 'created':
      return true;
    case 'version-made':
      return !mayGiveBackByVersion(
        keys.find(
          ({ vaultName, name }) =>
            `${vaultName}/${name}`.toLowerCase() === key.toLowerCase(),
        ),
      );
    default:
      return isKeyCreated(key, effects);
  }
}
