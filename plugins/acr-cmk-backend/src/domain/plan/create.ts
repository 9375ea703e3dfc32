import {
  type Check,
  type CreateRegistryIntent,
  type EncryptionFields,
  ENTITY_REF_TAG,
  REGISTRY_ID_ANNOTATION,
  type RegistryId,
  registryCreatePermission,
  keyHome,
  keyHomeKind,
} from 'backstage-plugin-acr-cmk-common';
import { check } from '../check';
import { accessPathsOf } from '../accessPaths';
import type { StepSpec } from '../steps';
import { awaitAccess } from '../steps/awaitAccess';
import { createIdentity } from '../steps/createIdentity';
import { createKey } from '../steps/createKey';
import { createRegistry } from '../steps/createRegistry';
import { setRotationPolicy } from '../steps/setRotationPolicy';
import { latestVersion, type EncryptedRegistry } from '../encryptedRegistry';
import {
  credentialConfigured,
  firewallPassable,
  purgeProtectionNotShown,
} from './checks';
import { usingKey } from '../registry';
import { identityToCreate } from '../identity';
import { isMissing } from '../isMissing';
import type { Change } from './change';
import { type NewRegistryFacts, type PlanDraft, withEffects } from './draft';
import { narrowestGrant } from './grant';
import { doubtOf, kindsOf, noneFound, servicesOfKey } from './otherServices';
import type { NewRegistryIntent } from './intent';
import {
  keyCanWrap,
  keyNameFree,
  keyTypeFits,
  vaultUnknown,
  versionExists,
} from './keyChecks';

const NOTHING: EncryptionFields = {
  status: 'disabled',
  keyIdentifier: null,
  identity: null,
  versionedKeyIdentifier: null,
  keyRotationEnabled: null,
};

/** A registry that is encrypted with a customer-managed key from the start. */
function planCreate(
  { registryId: id, entityRef, intent }: Change<CreateRegistryIntent>,
  context: NewRegistryFacts,
): PlanDraft {
  const { key, vault, keyFacts } = context;
  const wanted = intent.key;
  const resumes =
    wanted.kind === 'new-key' &&
    keyFacts.known &&
    context.madeBefore.key === key.versionless.toString();
  const makesKey = wanted.kind === 'new-key' && !resumes;
  const ofKey = key.version ? 'manual' : 'automatic';
  const mode = wanted.kind === 'new-key' ? (wanted.mode ?? 'automatic') : ofKey;
  const use = makesKey
    ? 'new-version'
    : (key.version ??
      (keyFacts.known ? latestVersion(keyFacts.value)?.version : undefined));
  const identityId =
    context.identity?.resourceId ??
    identityToCreate(id, intent.identity.name.trim());
  const type =
    (wanted.kind === 'new-key' && wanted.type) ||
    (key.isInHsm ? 'RSA-HSM' : 'RSA');
  const size = (wanted.kind === 'new-key' && wanted.size) || 3072;
  const grant = grantFor(id, context);
  const versionless = key.versionless.toString();
  const versioned =
    use === undefined
      ? null
      : `${versionless}/${use === 'new-version' ? '<new version>' : use}`;

  const steps: StepSpec[] = [
    ...(context.identity
      ? []
      : [
          createIdentity.build({
            identity: identityId,
            location: intent.location,
          }),
        ]),
    ...(makesKey
      ? [createKey.build({ key: key.versionless, type, size })]
      : []),
    ...(intent.rotateEveryDays && wanted.kind === 'new-key'
      ? [
          setRotationPolicy.build({
            key: key.versionless,
            policy: { timeAfterCreate: `P${intent.rotateEveryDays}D` },
            ofNewKey: true,
          }),
        ]
      : []),
    ...grant,
    createRegistry.build({
      registryId: id,
      location: intent.location,
      tags: { [ENTITY_REF_TAG]: entityRef },
      identity: identityId,
      ...(context.identity ? { clientId: context.identity.clientId } : {}),
      key: key.versionless,
      mode,
      use: use ?? '',
    }),
  ];
  return withEffects(
    {
      summary: `Create the Premium registry ${id.name} in ${
        intent.location
      }, encrypted with the key ${key.keyName} of ${key.vaultName}. ${
        mode === 'automatic'
          ? 'It follows new versions of the key, within about an hour (automatic).'
          : 'It stays on one version until it is changed (manual).'
      }`,
      before: NOTHING,
      after: {
        status: 'enabled',
        keyIdentifier: mode === 'automatic' ? versionless : versioned,
        identity: context.identity?.clientId ?? '<new identity>',
        versionedKeyIdentifier: versioned,
        keyRotationEnabled: mode === 'automatic',
      },
      checks: [
        credentialConfigured('provision', context),
        ...(makesKey ? [credentialConfigured('rotate', context)] : []),
        ...(grant.length > 0 ? [credentialConfigured('revoke', context)] : []),
        groupThere(id, context),
        registryFree(id, context),
        locationKnown(intent, context),
        entityNamesIt(id, entityRef, context),
        identityThere(intent, context),
        ...(makesKey
          ? [keyTypeFits(context, type), keyNameFree(context, context)]
          : [
              versionExists(context, key),
              keyCanWrap({ keyFacts, versionInUse: use, now: context.now }),
            ]),
        vaultSuitable(context),
        ...(vault.known ? [firewallPassable(context)] : []),
        ...(makesKey ? [] : [keyShared(context)]),
        region(intent, context),
      ],
      steps: use === undefined ? [] : steps,
      inverse: {
        message:
          'This portal deletes no registries. The steps name everything that is created. The encryption cannot be turned off again.',
        steps: [],
      },
      typedName: null,
    },
    {
      registries: context.registries,
      elsewhere: context.elsewhere,
      services: context.services,
      lookedAt: context.lookedAt,
    },
  );
}

/** Making a registry that is encrypted with a customer-managed key. */
export const createRegistryIntent: NewRegistryIntent<CreateRegistryIntent> = {
  registry: 'new',
  permission: registryCreatePermission,
  takesAway: false,
  needs: ({ identity, key }) => ({
    identity: identity.name,
    ...(key.kind === 'new-key' ? { deletedKey: 'target' as const } : {}),
  }),
  plan: planCreate,
};

/** The grant and the wait for it, unless the identity may use the key already. */
function grantFor(id: RegistryId, context: NewRegistryFacts): StepSpec[] {
  const { vault, identity } = context;
  if (!vault.known) return [];
  // As the registry would be: the rules about access paths are the same.
  const target: EncryptedRegistry = {
    registry: {
      id: id.toString(),
      registryId: id,
      name: id.name,
      location: '',
      sku: 'Premium',
      loginServer: '',
      provisioningState: '',
      tags: {},
      network: {
        publicNetworkAccess: true,
        defaultAction: 'allow',
        ipRules: [],
      },
      encryption: { status: 'enabled' },
      userAssignedIdentities: [],
    },
    changes: {},
    key: context.key,
    mode: 'automatic',
    identity: {
      kind: 'user-assigned',
      reference: identity?.clientId ?? '',
      attached: true,
      principalId: identity?.principalId ?? 'created-identity',
    },
    vault,
    keyFacts: context.keyFacts,
    assignments: context.assignments,
    now: context.now,
  };
  const paths = accessPathsOf(target);
  if (identity && paths.known && paths.missing.length === 0) return [];
  const grant = narrowestGrant(target, context);
  if (!grant) return [];
  return [
    grant,
    awaitAccess.build({
      vaultId: vault.value.id,
      keyName: context.key.keyName,
      principalId: target.identity.principalId ?? '',
    }),
  ];
}

function groupThere(
  { resourceGroup }: RegistryId,
  { group }: NewRegistryFacts,
): Check {
  const { pass, fail, unknown } = check('resource-group');
  if (group.known) return pass(`The resource group ${resourceGroup} exists.`);
  return isMissing(group)
    ? fail(
        `There is no resource group ${resourceGroup}.`,
        'Choose a resource group that exists.',
      )
    : unknown(
        `The resource group ${resourceGroup} could not be read: ${group.problem.message}.`,
        'Give the read credential Microsoft.Resources/subscriptions/resourceGroups/read.',
      );
}

function registryFree(
  id: RegistryId,
  { registry, name }: NewRegistryFacts,
): Check {
  const { pass, fail, unknown } = check('registry-name-free');
  if (registry.known) {
    return fail(
      `The registry ${id.name} already exists. A customer-managed key can be chosen only when a registry is created.`,
      'Choose another name.',
    );
  }
  if (!name.known) {
    return unknown(
      `Could not determine whether the name ${id.name} is free: ${name.problem.message}.`,
      'Continue: Azure refuses a name that is taken.',
    );
  }
  return name.value.free
    ? pass(`The name ${id.name} is free in all of Azure.`)
    : fail(
        `The name ${id.name} is not available${
          name.value.message ? `: ${name.value.message}` : ''
        }.`,
        'Choose another name. It has to be unique in all of Azure.',
      );
}

/** A location that Azure does not have is refused before a plan is made. */
function locationKnown(
  { location }: CreateRegistryIntent,
  { locations }: NewRegistryFacts,
): Check {
  const { pass, unknown } = check('location');
  return locations.known
    ? pass(`Registries can be created in ${location}.`)
    : unknown(
        `Could not determine whether registries can be created in ${location}: ${locations.problem.message}.`,
        'Continue: Azure refuses a location that it does not have.',
      );
}

/** An entity that exists is not changed by this portal: its annotation has to name the registry already. */
function entityNamesIt(
  id: RegistryId,
  entityRef: string,
  { entity }: NewRegistryFacts,
): Check {
  const { pass, fail } = check('entity');
  if (!entity) return pass(`The catalog has no entity ${entityRef} yet.`);
  if (entity.some(text => text.toLowerCase() === id.key)) {
    return pass(`${entityRef} names the registry in its annotation already.`);
  }
  const named = entity.map(text => text.slice(text.lastIndexOf('/') + 1));
  return fail(
    `${entityRef} is in the catalog already and names ${
      named.length === 0 ? 'no registry' : named.join(', ')
    }. Nothing would name the new registry, because this portal cannot change the annotations of an entity.`,
    `Choose another entity name. Or have the annotation ${REGISTRY_ID_ANNOTATION} of that entity name ${id} as well, then try again.`,
  );
}

function identityThere(
  { identity }: CreateRegistryIntent,
  context: NewRegistryFacts,
): Check {
  const { pass, fail } = check('identity');
  if (context.identity) {
    return pass(`The identity ${context.identity.name} exists.`);
  }
  return identity.create
    ? pass(
        `The identity ${identity.name} is created in the registry's resource group.`,
      )
    : fail(
        `There is no identity ${identity.name} in the subscriptions of acrCmk.scopes.`,
        'Have it created (identity.create), or choose another one.',
      );
}

/** Requirements and recommendations of Azure for the vault of a registry's key. */
function vaultSuitable({ vault, key }: NewRegistryFacts): Check {
  const { pass, fail } = check('purge-protection');
  if (!vault.known) return fail(...vaultUnknown(key, vault.problem));
  if (vault.value.purgeProtection === undefined) {
    return purgeProtectionNotShown(key);
  }
  return vault.value.purgeProtection
    ? pass(
        `The ${keyHomeKind(
          key.vaultName,
        )} has soft delete and purge protection.`,
      )
    : fail(
        `The ${keyHome(
          key.vaultName,
        )} has no purge protection: a deleted key, and with it the registry's content, could be lost for good.`,
        `Turn on purge protection, or choose another ${keyHomeKind(
          key.vaultName,
        )}.`,
      );
}

/** Warns about a shared key: a change of it affects everything that uses it. */
function keyShared({
  registries,
  registriesComplete,
  services,
  lookedAt,
  key,
}: NewRegistryFacts): Check {
  const outcomes = check('key-shared');
  const others = usingKey(registries, key).map(({ name }) => name);
  const ofServices = kindsOf(servicesOfKey(services, key.keyOfKey));
  const users = [...others, ...(ofServices ? [ofServices] : [])];
  const doubt = doubtOf(lookedAt) ?? '';
  if (!registriesComplete) {
    return outcomes.unknown(
      `Registries that are known to use the key: ${others.length}. There may be more: not all could be listed.`,
      'Allow the read credential to list every scope.',
    );
  }
  return users.length === 0
    ? noneFound(
        outcomes,
        lookedAt,
        'No known registry or other service uses the key.',
      )
    : outcomes.warn(
        `The key is also used by ${users.join(', ')}: rotating, disabling or deleting it there affects the new registry too. ${doubt}`.trim(),
        'Create a new key, unless you want to share this one.',
      );
}

function region(
  { location }: CreateRegistryIntent,
  { vault, key }: Pick<NewRegistryFacts, 'vault' | 'key'>,
): Check {
  const { pass, warn } = check('region');
  const home = keyHomeKind(key.vaultName);
  const of = vault.known ? vault.value.location : undefined;
  const plain = (text: string) => text.toLowerCase().replace(/\s/g, '');
  return of && plain(of) !== plain(location)
    ? warn(
        `The ${home} is in ${of}, the registry in ${location}: an outage of either region stops pulls.`,
        `Choose a ${home} in the same region, unless you want this.`,
      )
    : pass(`Registry and ${home} are in the same region.`);
}
