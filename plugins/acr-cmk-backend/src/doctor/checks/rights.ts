import {
  type DoctorLine,
  documentationUrl,
  isHsmName,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { isHsmScope } from '../../azure/armIds';
import { AzureError } from '../../azure/AzureError';
import { CREDENTIAL_NAMES } from '../../azure/credentials/credentials';
import { allows, identityRoleInWords } from '../../azure/permissions';
import type { CredentialName, PermissionSet } from '../../azure/ports';
import { subscriptionsOf } from '../../platform/config';
import { entryOf, holds } from '../../domain/steps/accessPolicy';
import { scopeInWords } from '../../domain/steps/words';
import {
  type AzureProbes,
  skippedWithoutToken,
  refusal,
  remedyByKind,
} from '../probes';
import {
  type Check,
  NOT_ALL_KNOWN,
  plural,
  shortened,
  withScopes,
} from '../check';
import { failed, ok, unknown } from '../lines';
import {
  HSM_RIGHTS,
  NEEDED_RIGHTS,
  REVOKER_SIZES,
  REVOKER_SIZES_AT,
  type RevokerSize,
} from '../neededRights';
import { scopeId } from './scopes';

const ROLE_FILES: Record<CredentialName, string> = {
  read: documentationUrl('docs/roles/registry-key-reader.json'),
  rotate: documentationUrl('docs/roles/registry-key-rotator.json'),
  revoke: documentationUrl('docs/roles/registry-key-revoker.json'),
  provision: documentationUrl('docs/roles/registry-key-provisioner.json'),
};

/** Identities and vaults that are checked, so that the check ends. */
const MAX_PLACES = 20;

/** Role with the actions at a subscription alone. */
const NAME_CHECKER = documentationUrl('docs/roles/registry-name-checker.json');

/** Actions that a credential needs at one place of Azure. */
interface Place {
  /** ARM id. */
  at: string;
  actions: readonly string[];
  dataActions: readonly string[];
  /** Role that has all of them and less than the role of the job. */
  role?: string;
  /** Access policy that takes the place of the data actions. */
  policy?: { vault: VaultFacts; permissions: readonly string[] };
  /** Smaller roles that would also do here, for fewer methods. */
  sizes?: readonly { size: RevokerSize; place: Place }[];
}

/** Checks that each credential has the rights of its job. */
export const rights: Check = {
  id: 'rights',
  title: 'Each credential has the rights of its job',
  run: withScopes(async ({ config, azure, notKnown }) => {
    const { scopes, credentials } = config;
    const [{ vaults, complete }, { registries }] = await Promise.all([
      azure.vaultsOfInterest(),
      azure.registriesInScope(),
    ]);
    const identities = [
      ...new Set(
        registries.flatMap(({ userAssignedIdentities }) =>
          userAssignedIdentities.map(({ resourceId }) => resourceId),
        ),
      ),
    ];
    const scopeIds = scopes.map(scopeId);
    const lines = await Promise.all(
      CREDENTIAL_NAMES.filter(job => credentials[job]).map(job => {
        const places = placesOf(job, {
          subscriptions: subscriptionsOf(config).map(
            id => `/subscriptions/${id}`,
          ),
          scopes: scopeIds,
          identities:
            identities.length > 0 ? identities.slice(0, MAX_PLACES) : scopeIds,
          vaults: vaults.slice(0, MAX_PLACES),
        });
        return linesOf(job, places, azure);
      }),
    );
    return [
      ...lines.flat(),
      ...notChecked(identities.length, 'identity', 'identities'),
      ...notChecked(vaults.length, 'vault'),
      ...(complete ? [] : [NOT_ALL_KNOWN]),
      ...notKnown,
    ];
  }),
};

function notChecked(count: number, one: string, many?: string) {
  const rest = count - MAX_PLACES;
  return rest <= 0
    ? []
    : [
        unknown(
          `${plural(
            rest,
            `more ${one} was`,
            `more ${many ?? `${one}s`} were`,
          )} not checked.`,
          'Run acr-cmk-doctor with a --config that names fewer resource groups in acrCmk.scopes, once for each part of them.',
        ),
      ];
}

/** Places at which a job needs rights. */
function placesOf(
  job: CredentialName,
  where: {
    subscriptions: string[];
    scopes: string[];
    identities: string[];
    vaults: VaultFacts[];
  },
): Place[] {
  const needed = NEEDED_RIGHTS[job];
  const at = (
    ids: readonly string[],
    actions: readonly string[],
    role?: string,
  ): Place[] => ids.map(id => ({ at: id, actions, dataActions: [], role }));
  return [
    ...at(where.subscriptions, needed.subscription, NAME_CHECKER),
    ...at(where.scopes, needed.scope),
    ...at(where.identities, needed.identity),
    ...where.vaults.map((vault): Place => placeOf(vault, job)),
  ].filter(
    ({ actions, dataActions }) => actions.length > 0 || dataActions.length > 0,
  );
}

function placeOf(vault: VaultFacts, job: CredentialName): Place {
  if (job !== 'revoke') {
    return placeWith(vault, { ...NEEDED_RIGHTS[job], hsm: HSM_RIGHTS[job] });
  }
  const model = isHsmName(vault.name) ? 'rbac' : vault.permissionModel;
  const sizes = REVOKER_SIZES_AT[model];
  return {
    ...placeWith(vault, sizes[0]),
    sizes: sizes.map(size => ({ size, place: placeWith(vault, size) })),
  };
}

function placeWith(
  vault: VaultFacts,
  needed: Pick<RevokerSize, 'vault' | 'data' | 'keyPermissions' | 'hsm'>,
): Place {
  const at = vault.id;
  if (isHsmName(vault.name)) {
    return { at, actions: [], dataActions: needed.hsm };
  }
  return vault.permissionModel === 'rbac'
    ? { at, actions: needed.vault, dataActions: needed.data }
    : {
        at,
        actions: needed.vault,
        dataActions: [],
        policy: { vault, permissions: needed.keyPermissions },
      };
}

/** An entry of `acrCmk.scopes`, or its subscription. */
const A_SCOPE = /^\/subscriptions\/[^/]+(\/resourceGroups\/[^/]+)?$/i;

/** Remedy for a Managed HSM, where roles of ARM grant nothing. */
const hsmRemedy = (job: CredentialName) =>
  `Assign the roles for the ${job} credential in the Managed HSM itself (az keyvault role assignment create). They are in ${documentationUrl(
    'docs/permissions.md#in-azure',
  )}.`;

/** Tells by which methods the revoke credential can revoke, and where. */
const sizeLine = ({ role, methods }: RevokerSize, at: readonly string[]) =>
  ok(
    `revoke: has the rights of ${role}.json that apply at ${at.join(
      ', ',
    )}: it can revoke by ${methods.join(', ')}.`,
  );

async function linesOf(
  job: CredentialName,
  places: readonly Place[],
  azure: AzureProbes,
): Promise<DoctorLine[]> {
  if (await azure.tokenError(job)) return [skippedWithoutToken(job)];
  const { access } = azure;
  const wrong: DoctorLine[] = [];
  const lacks: Lack[] = [];
  const held = new Map<RevokerSize, string[]>();
  let objectId: string | undefined;
  // One after the other: Azure throttles a credential that asks for many at once.
  for (const place of places) {
    const permissions = await permissionsOrError(() =>
      access.permissionsOfCaller(place.at, job),
    );
    if (permissions instanceof AzureError) {
      wrong.push(
        refusal(
          permissions,
          remedyByKind(permissions, {
            denied: isHsmScope(place.at)
              ? hsmRemedy(job)
              : `Assign the role of ${
                  place.role ?? ROLE_FILES[job]
                } to the ${job} credential there.`,
            notFound: A_SCOPE.test(place.at)
              ? undefined
              : 'A setting or a registry refers to it, but it no longer exists. Run the doctor again; if this repeats, remove the reference.',
          }),
        ),
      );
      continue;
    }
    if (place.policy && place.policy.permissions.length > 0) {
      objectId ??= await access.objectIdOf(job);
    }
    const allowed = (place.sizes ?? []).filter(
      one => missingAt(one.place, permissions).length === 0,
    );
    const size = sizeHeld(allowed, objectId);
    if (size) held.set(size, [...(held.get(size) ?? []), place.at]);
    const missing = allowed.length > 0 ? [] : missingAt(place, permissions);
    if (missing.length > 0) {
      if (isHsmScope(place.at)) {
        wrong.push(
          unknown(
            `${job}: no role in ${scopeInWords(
              place.at,
            )} grants it ${missing.join(', ')} directly. A group may.`,
            hsmRemedy(job),
          ),
        );
      } else {
        lacks.push({
          message: `${job}: lacks ${missing.join(', ')}`,
          at: place.at,
          remedy: place.role
            ? `Give the ${job} credential ${missing.join(
                ', ',
              )} there: the role of ${place.role} has only that.`
            : `Assign the role of ${ROLE_FILES[job]} to the ${job} credential there, or at a scope above.${identityRoleInWords(missing)}`,
        });
      }
    }
    if (place.policy) {
      wrong.push(...policyLines(job, place.policy, objectId));
    }
  }
  wrong.push(...foldedByPlace(lacks));
  const sizes = [...held].map(([size, at]) => sizeLine(size, at));
  if (wrong.length > 0) return [...shortened(wrong, 'places'), ...sizes];
  const complete = [...held.keys()].every(
    ({ role }) => role === REVOKER_SIZES[0].role,
  );
  return [
    ...(complete
      ? [ok(`${job}: every right at ${plural(places.length, 'place')}.`)]
      : []),
    ...sizes,
  ];
}

/** Actions that a credential lacks at a place. */
interface Lack {
  message: string;
  at: string;
  remedy: string;
}

/** A line for each set of missing actions, with all its places. */
function foldedByPlace(lacks: readonly Lack[]): DoctorLine[] {
  const kinds = new Map(
    lacks.map(({ message, remedy }) => [message + remedy, { message, remedy }]),
  );
  return [...kinds].map(([kind, { message, remedy }]) => {
    const places = lacks.filter(one => one.message + one.remedy === kind);
    return failed(
      `${message} at ${places.map(({ at }) => at).join(', ')}.`,
      remedy,
    );
  });
}

/** Largest size whose key permissions the credential has too. */
function sizeHeld(
  allowed: NonNullable<Place['sizes']>,
  objectId: string | undefined,
): RevokerSize | undefined {
  return allowed.find(
    ({ place }) => missingInPolicy(place.policy, objectId).length === 0,
  )?.size;
}

async function permissionsOrError(
  read: () => Promise<{ value: PermissionSet[] }>,
): Promise<PermissionSet[] | AzureError> {
  try {
    return (await read()).value;
  } catch (error) {
    if (error instanceof AzureError) return error;
    throw error;
  }
}

function missingAt(
  { actions, dataActions }: Place,
  permissions: readonly PermissionSet[],
): string[] {
  return [
    ...actions.filter(action => !allows(permissions, action, 'control')),
    ...dataActions
      .filter(action => !allows(permissions, action, 'data'))
      .map(action => `the data action ${action}`),
  ];
}

/** Key permissions that the entry of the credential itself lacks. */
function missingInPolicy(
  policy: Place['policy'],
  objectId: string | undefined,
): readonly string[] {
  if (!policy) return [];
  const held = (objectId && entryOf(policy.vault, objectId)?.keys) || [];
  return holds(held, 'all')
    ? []
    : policy.permissions.filter(permission => !holds(held, permission));
}

function policyLines(
  job: CredentialName,
  { vault, permissions }: NonNullable<Place['policy']>,
  objectId: string | undefined,
): DoctorLine[] {
  const missing = missingInPolicy({ vault, permissions }, objectId);
  return missing.length === 0
    ? []
    : [
        unknown(
          `${job}: no access policy of the vault ${
            vault.name
          } grants it the key permissions ${missing.join(
            ', ',
          )} directly. A group may grant them; the vault does not show its members.`,
          `Unless a group has them, give the ${job} credential the key permissions of ${documentationUrl(
            'docs/roles/key-permissions.json',
          )} in ${vault.name}.`,
        ),
      ];
}
