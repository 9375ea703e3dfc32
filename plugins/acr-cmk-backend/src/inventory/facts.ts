/** Converts stored rows into facts with their age. */
import {
  type AzureProblem,
  type Fact,
  isHsmName,
  keyHome,
  type KeyFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { StoredFact } from './rows';

const VAULT_NOT_FOUND = 'VaultNotFound';
export const VAULT_NOT_LISTED = 'VaultNotListed';
/** Codes of problems with a management group of the scopes. */
export const GROUP_IN_PART = 'GroupInPart';
export const GROUP_NOT_KNOWN = 'GroupNotKnown';

const NOT_READ: AzureProblem = {
  kind: 'unavailable',
  code: 'NotRead',
  message: 'It has not been read yet',
};

/** Converts a stored fact. `problem` is the reason given for one that was never read. */
export function toFact<T>(
  stored: StoredFact<T> | undefined,
  problem: AzureProblem = NOT_READ,
): Fact<T> {
  const { value, observedAt, lagMs, azureAt, confirmedAt, changedAt } =
    stored ?? {};
  const failed = stored?.problem;
  if (
    value === undefined ||
    observedAt === undefined ||
    azureAt === undefined ||
    // Facts of a thing that no longer exists would mislead.
    failed?.kind === 'not-found'
  ) {
    return { known: false, problem: failed ?? problem };
  }
  return {
    known: true,
    value,
    observedAt,
    azureAt,
    ...(lagMs && { lagMs }),
    ...(confirmedAt !== undefined && { confirmedAt }),
    ...(changedAt !== undefined && { changedAt }),
    ...(failed ? { refreshProblem: failed } : {}),
  };
}

/** Time since which its state is known, by our clock. */
export function sinceOf({
  changedAt,
  observedAt,
}: {
  changedAt?: number;
  observedAt: number;
}): number {
  return changedAt ?? observedAt;
}

/** Did a reading begin after we last changed what it reads? */
export function isYounger(
  askedAt: number,
  stored: Pick<StoredFact<unknown>, 'expiredAt'> | undefined,
): boolean {
  return stored?.expiredAt === undefined || askedAt > stored.expiredAt;
}

/** Azure's time now: its time when it answered, and what has passed since by our clock. */
export function azureNow(
  { azureAt, observedAt }: { azureAt: number; observedAt: number },
  now: number,
): number {
  return azureAt + Math.max(0, now - observedAt);
}

/** A vault that no subscription of the scopes holds: nothing in Azure maps a host to a resource id. */
export function vaultNotFound(name: string): AzureProblem {
  return {
    kind: 'not-found',
    code: VAULT_NOT_FOUND,
    message: `There is no ${keyHome(
      name,
    )} in the subscriptions of acrCmk.scopes${
      isHsmName(name)
        ? ', or the read credential lacks Microsoft.KeyVault/managedHSMs/read'
        : ''
    }`,
  };
}

/**
 * A key whose vault is not known. Where the key was read before, the vault was in the scopes: it is gone, which
 * a vault that was never in them is not.
 */
export function keyWithoutVault(
  vaultName: string,
  problem: AzureProblem,
  stored: StoredFact<KeyFacts> | undefined,
): Fact<KeyFacts> {
  return {
    known: false,
    problem:
      problem.code === VAULT_NOT_FOUND && stored?.value !== undefined
        ? {
            ...problem,
            code: 'VaultGone',
            message: `The ${keyHome(
              vaultName,
            )} is no longer in the subscriptions of acrCmk.scopes: it was deleted, or moved out of them`,
          }
        : problem,
  };
}

/** A vault that is not known, while not every subscription has been listed since the registry uses it. */
export function vaultNotListed(name: string): AzureProblem {
  return {
    kind: 'unavailable',
    code: VAULT_NOT_LISTED,
    message: `The ${keyHome(
      name,
    )} is not known yet: the subscriptions of acrCmk.scopes have not been listed since the registry uses it`,
  };
}
