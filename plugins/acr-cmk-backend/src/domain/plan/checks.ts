/**
 * Preflight checks of an operation. Each answers pass, warn, fail or unknown with one message, and
 * with one remedy unless it passes. A fact that is not known gives `unknown`, never `pass`.
 *
 * Messages hold no ages and no times of our own clock: a plan is made again at acceptance, and only
 * what matters may differ then.
 */
import {
  type Check,
  bareVaultName,
  type KeyIdentifier,
  WRAP_PERMISSIONS,
  keyHome,
  keyHomeKind,
  type RegistryFacts,
  utcTimeAfter,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../check';
import { accessPathsOf, hsmGroupNote } from '../accessPaths';
import {
  deletedIdentityInWords,
  DELETED_IDENTITY_REMEDY,
} from '../findings/access';
import { firewallOf } from '../firewall';
import type { EncryptedRegistry } from '../encryptedRegistry';
import type { PlanContext } from './draft';

/** Whether an update of the registry is under way in Azure. */
export const isBeingChanged = ({
  provisioningState,
}: Pick<RegistryFacts, 'provisioningState'>) =>
  !['Succeeded', 'Failed', 'Canceled'].includes(provisioningState);

export function registryReady({ registry }: EncryptedRegistry): Check {
  const { pass, warn, fail } = check('registry-ready');
  switch (registry.provisioningState) {
    case 'Succeeded':
      return pass('Azure is not changing the registry now.');
    case 'Failed':
    case 'Canceled':
      return warn(
        `The last change of the registry ended as ${registry.provisioningState} in Azure. This operation sends the encryption settings again.`,
        'Continue. If Azure refuses it again, its message says what to repair.',
      );
    case 'Deleting':
      return fail(
        'The registry is being deleted.',
        'Create a registry instead.',
      );
    default:
      return warn(
        `The registry's provisioning state is ${registry.provisioningState}: Azure is changing it. Changes to the key start now; the registry is updated once Azure has finished.`,
        'Continue, or wait. If it does not finish in half an hour, contact Azure support: only Azure can end it.',
      );
  }
}

export const NO_OTHER_OPERATION = 'no-other-operation';

/**
 * @param holder - who holds one of the locks that the plan would take
 * @param options.kept - one of them is kept for a revoke
 */
export function noOtherOperation(
  holder:
    | { target: string; operationId: string; isRevoke: boolean }
    | undefined,
  {
    forRevoke,
    kept,
  }: { forRevoke: boolean; kept?: { target: string; keptUntil: string } },
): Check {
  const { pass, warn, fail } = check(NO_OTHER_OPERATION);
  if (holder) {
    const message = `Operation ${holder.operationId} is working on ${inWords(
      holder.target,
    )}.`;
    return forRevoke && !holder.isRevoke
      ? warn(
          message,
          'Request the revoke: no other operation starts here before it. If it is refused because the other operation is still writing, try again, or remove the access to the key, which does not wait for the registry.',
        )
      : fail(message, 'Wait until it ends.');
  }
  return kept
    ? fail(
        `A revoke that concerns ${inWords(
          kept.target,
        )} was requested, and goes first.`,
        `Try again after ${utcTimeAfter(kept.keptUntil)}.`,
      )
    : pass('No other operation is working on this registry or its key.');
}

/** A lock is on a registry, by its id, on a key, or on an identity that is made. */
function inWords(target: string): string {
  const [, vaultName, keyName] = /^key:([^/]+)\/(.+)$/.exec(target) ?? [];
  if (keyName) return `the key ${keyName} of the ${keyHome(vaultName)}`;
  const name = target.slice(target.lastIndexOf('/') + 1);
  return target.startsWith('identity:')
    ? `the identity ${name}`
    : `the registry ${name}`;
}

export function credentialConfigured<Name extends string>(
  name: Name,
  { credentials }: { credentials: Record<Name, boolean> },
): Check {
  const { pass, fail } = check(`credential-${name}`);
  return credentials[name]
    ? pass(`This portal has a credential to ${name}.`)
    : fail(
        `This portal has no credential to ${name}.`,
        `Configure acrCmk.azure.credentials.${name}.`,
      );
}

/** @param attaches - the plan attaches it */
export function identityAttached(
  { identity }: EncryptedRegistry,
  attaches = false,
): Check {
  const { pass, fail } = check('identity-attached');
  if (identity.exists === false) {
    return fail(
      `${deletedIdentityInWords(identity)}.`,
      DELETED_IDENTITY_REMEDY,
    );
  }
  if (!identity.attached && attaches) {
    return pass(
      identity.kind === 'system'
        ? 'The system-assigned identity is off; the plan turns it on.'
        : 'The identity is not attached to the registry; the plan attaches it.',
    );
  }
  return identity.attached
    ? pass(
        identity.kind === 'system'
          ? 'The system-assigned identity is on.'
          : 'The encryption identity is attached to the registry.',
      )
    : fail(
        identity.kind === 'system'
          ? 'The system-assigned identity, which the registry uses for encryption, is off.'
          : `The encryption identity (client id ${identity.reference}) is not attached to the registry.`,
        'Attach the identity to the registry again.',
      );
}

/**
 * A registry whose present identity is lost or has no access, and which is to use another one. Azure checks the present
 * one with every change that it is named in, and attaching another names it.
 *
 * @param attaches - the plan attaches the other one
 */
export function presentIdentityUsable(
  encrypted: EncryptedRegistry,
  wanted: EncryptedRegistry['identity'],
  attaches: boolean,
): Check[] {
  const { identity, key } = encrypted;
  const { warn, fail } = check('present-identity');
  const isOther =
    wanted.reference.toLowerCase() !== identity.reference.toLowerCase();
  const isDeleted = identity.exists === false;
  if (!isOther) return [];
  if (identity.attached && !isDeleted) {
    const paths = accessPathsOf(encrypted);
    // A Managed HSM does not show what groups have.
    const hasNone = !key.isInHsm && paths.known && paths.paths.length === 0;
    return attaches && hasNone
      ? [
          warn(
            `The present encryption identity (client id ${identity.reference}) has no access to the key ${key.keyName}. Azure may refuse to attach another identity meanwhile.`,
            'Continue: if Azure refuses, the registry has not changed. Or restore the access of the present identity first.',
          ),
        ]
      : [];
  }
  const lost = isDeleted
    ? deletedIdentityInWords(identity)
    : `The present encryption identity (client id ${identity.reference}) is not attached to the registry`;
  const remedy = isDeleted
    ? DELETED_IDENTITY_REMEDY
    : 'Attach the present identity to the registry first, then change to the other one.';
  return [
    attaches
      ? fail(
          `${lost}. Azure refuses to attach another identity meanwhile.`,
          remedy,
        )
      : warn(
          `${lost}. Whether Azure lets the registry change to another identity that is attached is not documented.`,
          `Continue: if Azure refuses, nothing has changed. ${remedy}`,
        ),
  ];
}

/**
 * Checks that the identity may wrap and unwrap. Azure refuses a change of the key otherwise.
 *
 * @param grants - the plan gives it the access
 */
export function accessPathExists(
  encrypted: EncryptedRegistry,
  grants = false,
): Check {
  const { pass, fail, unknown } = check('access-path');
  if (grants) {
    return pass(
      'The identity has no access to the key yet; the plan grants it.',
    );
  }
  const paths = accessPathsOf(encrypted);
  const remedy =
    'Grant the access in the same plan (grantAccess), or grant it first.';
  if (!encrypted.identity.principalId) {
    return fail(
      encrypted.identity.kind === 'system'
        ? 'The system-assigned identity is off, so it has no access to the key.'
        : 'The identity is not attached to the registry, so its access to the key could not be determined.',
      remedy,
    );
  }
  if (!paths.known) {
    return unknown(
      `Could not determine whether the identity has access to the key: ${paths.problem.message}.`,
      `Allow the read credential to read role assignments and the ${keyHomeKind(
        encrypted.key.vaultName,
      )}.`,
    );
  }
  if (paths.missing.length === 0) {
    return pass(
      'The encryption identity has access to the key: get, wrapKey and unwrapKey.',
    );
  }
  return fail(
    paths.paths.length > 0
      ? `The encryption identity lacks ${paths.missing.join(' and ')} on the key.`
      : `The encryption identity has no access to the key${hsmGroupNote(
          encrypted.key,
        )}: it needs ${WRAP_PERMISSIONS.join(', ')}.`,
    remedy,
  );
}

export function firewallPassable({
  vault,
  key,
}: Pick<EncryptedRegistry, 'vault' | 'key'>): Check {
  const { pass, warn, fail, undetermined } = check('vault-firewall');
  const home = keyHomeKind(key.vaultName);
  if (!vault.known)
    return undetermined(`the firewall settings of the ${home}`, vault);
  const firewall = firewallOf(vault.value);
  if (firewall === 'open') return pass(`The ${home}'s firewall is open.`);
  if (firewall === 'closed') {
    return fail(
      `The firewall of the ${keyHome(
        key.vaultName,
      )} is closed, also to trusted Microsoft services such as Container Registry.`,
      'Allow trusted Microsoft services to bypass the firewall.',
    );
  }
  return warn(
    `The firewall of the ${keyHome(
      key.vaultName,
    )} is closed except to trusted Microsoft services: the registry can reach the ${home}, this portal cannot.`,
    `If this portal's own call is refused, allow its IP address, or rotate by a rotation policy of the ${home}.`,
  );
}

/** A check about purge protection that Azure says nothing of. */
export const purgeProtectionNotShown = (key: KeyIdentifier): Check =>
  check('purge-protection').unknown(
    `Azure does not show whether the ${keyHome(
      key.vaultName,
    )} has purge protection.`,
    `Look it up: az keyvault show --hsm-name ${bareVaultName(
      key.vaultName,
    )} --query properties.enablePurgeProtection`,
  );

export function purgeProtected({ vault, key }: EncryptedRegistry): Check {
  const { pass, warn, undetermined } = check('purge-protection');
  const home = keyHomeKind(key.vaultName);
  if (!vault.known)
    return undetermined(`whether the ${home} has purge protection`, vault);
  if (vault.value.purgeProtection === undefined) {
    return purgeProtectionNotShown(key);
  }
  return vault.value.purgeProtection
    ? pass(`The ${home} has purge protection.`)
    : warn(
        `The ${keyHome(
          key.vaultName,
        )} has no purge protection: a deleted key could be lost for good.`,
        'Turn on purge protection.',
      );
}

/** Infrastructure code that names a version sets it back at its next run. */
export function infrastructureCode({ mode }: EncryptedRegistry): Check {
  const { pass, warn } = check('infrastructure-code');
  return mode === 'automatic'
    ? pass(
        'The registry stores no key version, so Terraform and Bicep see no difference.',
      )
    : warn(
        'If Terraform or Bicep manages this registry with a version in the key URI, its next run reverts this change.',
        'Use the new version there as well, or the key without a version.',
      );
}

const countOf = (affected: number) =>
  affected === 1 ? '1 other registry is' : `${affected} other registries are`;

/**
 * Names the other registries that the operation affects.
 *
 * @param options.unlistedKeep - words about registries that could not be listed, where each keeps its access
 */
export function othersAffected(
  affected: number,
  effect: string,
  {
    registriesComplete,
    unlistedKeep,
  }: Pick<PlanContext, 'registriesComplete'> & { unlistedKeep?: string },
): Check {
  const { pass, warn, unknown } = check('others-affected');
  if (!registriesComplete && !unlistedKeep) {
    return unknown(
      affected === 0
        ? 'Other registries may be affected: not all registries could be listed.'
        : `${countOf(affected)} affected, and there may be more: not all registries could be listed.`,
      'Allow the read credential to list every scope.',
    );
  }
  const unlisted = registriesComplete
    ? ''
    : ` Not all registries could be listed: ${unlistedKeep}`;
  return affected === 0
    ? pass(
        `No other ${
          registriesComplete ? 'registry in scope' : 'known registry'
        } is affected.${unlisted}`,
      )
    : warn(
        `${affected} other ${
          affected === 1 ? 'registry is' : 'registries are'
        } affected: ${effect}${unlisted}`,
        'Inform their owners.',
      );
}
