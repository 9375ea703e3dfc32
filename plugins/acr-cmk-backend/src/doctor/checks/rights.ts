import {
  type DoctorLine,
  isHsmName,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { isHsmScope } from '../../azure/armIds';
import { AzureError } from '../../azure/AzureError';
import { CREDENTIAL_NAMES } from '../../azure/credentials';
import { allows } from '../../azure/permissions';
import type { CredentialName, PermissionSet } from '../../azure/ports';
import { subscriptionsOf } from '../../config';
import { entryOf, holds } from '../../steps/accessPolicy';
import { scopeInWords } from '../../steps/words';
import {
  type AzureForDoctor,
  notAsked,
  refusal,
  remedyByKind,
} from '../AzureForDoctor';
import {
  type Check,
  groupsNotKnown,
  line,
  noScope,
  NOT_ALL_KNOWN,
  NOT_UNDERSTOOD,
  ok,
  plural,
  shortened,
} from '../check';
import { HSM_RIGHTS, NEEDED_RIGHTS } from '../neededRights';
import { scopeId } from './scopes';

const ROLE_FILES: Record<CredentialName, string> = {
  read: 'docs/roles/registry-key-reader.json',
  rotate: 'docs/roles/registry-key-rotator.json',
  revoke: 'docs/roles/registry-key-revoker.json',
  provision: 'docs/roles/registry-key-provisioner.json',
};

/** At most so many identities and vaults are asked about: a check has an end. */
const MOST_PLACES = 20;

/** Has what is asked of a subscription, and nothing else. */
const NAME_CHECKER = 'docs/roles/registry-name-checker.json';

/** Actions that a credential needs at one place of Azure. */
interface Place {
  /** ARM id. */
  at: string;
  actions: readonly string[];
  dataActions: readonly string[];
  /** A role that is smaller than that of the job and has them all. */
  role?: string;
  /** Where an access policy stands for the data actions. */
  policy?: { vault: VaultFacts; permissions: readonly string[] };
}

/** Has each credential every right that its job needs? */
export const rights: Check = {
  id: 'rights',
  title: 'Each credential has the rights of its job',
  async run({ config, azure }) {
    if (!config.understood || !azure) return [...NOT_UNDERSTOOD];
    const { scopes, credentials } = config.value;
    if (scopes.length === 0) return noScope(config);
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
          subscriptions: subscriptionsOf(config.value).map(
            id => `/subscriptions/${id}`,
          ),
          scopes: scopeIds,
          identities:
            identities.length > 0 ? identities.slice(0, MOST_PLACES) : scopeIds,
          vaults: vaults.slice(0, MOST_PLACES),
        });
        return linesOf(job, places, azure);
      }),
    );
    return [
      ...lines.flat(),
      ...notAskedAbout(identities.length, 'identity', 'identities'),
      ...notAskedAbout(vaults.length, 'vault'),
      ...(complete ? [] : [NOT_ALL_KNOWN]),
      ...groupsNotKnown(config),
    ];
  },
};

function notAskedAbout(count: number, one: string, many?: string) {
  const rest = count - MOST_PLACES;
  return rest <= 0
    ? []
    : [
        line(
          'unknown',
          `${plural(
            rest,
            `more ${one} was`,
            `more ${many ?? `${one}s`} were`,
          )} not asked about.`,
          'Run acr-cmk-doctor with a --config that names fewer resource groups in acrCmk.scopes, once for each part of them.',
        ),
      ];
}

/** Where a job needs what. */
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
  const needed = NEEDED_RIGHTS[job];
  const at = vault.id;
  if (isHsmName(vault.name)) {
    return { at, actions: [], dataActions: HSM_RIGHTS[job] };
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

/** Roles of ARM give nothing there. */
const hsmRemedy = (job: CredentialName) =>
  `Assign the roles that docs/permissions.md has for the ${job} credential in the Managed HSM itself (az keyvault role assignment create).`;

async function linesOf(
  job: CredentialName,
  places: readonly Place[],
  azure: AzureForDoctor,
): Promise<DoctorLine[]> {
  if (await azure.noToken(job)) return [notAsked(job)];
  const { access } = azure.ports;
  const wrong: DoctorLine[] = [];
  let objectId: string | undefined;
  // One after the other: Azure throttles a credential that asks for many at once.
  for (const place of places) {
    const permissions = await ask(() =>
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
              : 'Something refers to it that is gone. Run the doctor again; if it stays so, take the reference away.',
          }),
        ),
      );
      continue;
    }
    const missing = missingAt(place, permissions);
    if (missing.length > 0) {
      wrong.push(
        isHsmScope(place.at)
          ? line(
              'unknown',
              `${job}: no role in ${scopeInWords(
                place.at,
              )} gives it ${missing.join(', ')}. A group may.`,
              hsmRemedy(job),
            )
          : line(
              'failed',
              `${job}: lacks ${missing.join(', ')} at ${place.at}.`,
              place.role
                ? `Give the ${job} credential ${missing.join(
                    ', ',
                  )} there: the role of ${place.role} has only that.`
                : `Assign the role of ${ROLE_FILES[job]} to the ${job} credential there, or at a scope above.`,
            ),
      );
    }
    if (place.policy && place.policy.permissions.length > 0) {
      objectId ??= await access.objectIdOf(job);
      wrong.push(...policyLines(job, place.policy, objectId));
    }
  }
  return wrong.length > 0
    ? shortened(wrong, 'places')
    : [ok(`${job}: every right at ${plural(places.length, 'place')}.`)];
}

async function ask(
  question: () => Promise<{ value: PermissionSet[] }>,
): Promise<PermissionSet[] | AzureError> {
  try {
    return (await question()).value;
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

function policyLines(
  job: CredentialName,
  { vault, permissions }: NonNullable<Place['policy']>,
  objectId: string | undefined,
): DoctorLine[] {
  const held = (objectId && entryOf(vault, objectId)?.keys) || [];
  const missing = holds(held, 'all')
    ? []
    : permissions.filter(permission => !holds(held, permission));
  return missing.length === 0
    ? []
    : [
        line(
          'unknown',
          `${job}: no access policy of the vault ${
            vault.name
          } gives it the key permissions ${missing.join(
            ', ',
          )} by itself; a group may, which the vault does not tell.`,
          `Unless a group has them, give the ${job} credential the key permissions of docs/roles/key-permissions.json in ${vault.name}.`,
        ),
      ];
}
