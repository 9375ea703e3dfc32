/** State and findings of a registry once a plan is carried out: its steps applied to the facts, then the health rules. */
import {
  type Afterwards,
  assertNever,
  type Fact,
  type Finding,
  type Intent,
  type KeyFacts,
  type KeyIdentifier,
  type KeyVersionFacts,
  type RoleAssignmentFacts,
  type VaultFacts,
  WRAP_PERMISSIONS,
} from 'backstage-plugin-acr-cmk-common';
import { readStep, type StepSpec } from '../steps';
import { entryOf, holds } from '../steps/accessPolicy';
import { rotates } from '../steps/rotationPolicy';
import { keysAt } from '../effects';
import {
  type EncryptedRegistry,
  type Identity,
  latestVersion,
  shortVersion,
} from '../encryptedRegistry';
import { findingsOf, ruleOf } from '../findings';
import { withoutUndo } from '../findings/withoutUndo';
import { timeAfter } from '../rotation';
import { stateOf } from '../state';
import type { PlanContext } from './draft';

/** Stand-in for the version that the vault will name. Texts say "the new version" instead. */
const NEW_VERSION = '0'.repeat(32);
/** Stand-in for the object id of a system-assigned identity that a step turns on. */
const SYSTEM_IDENTITY = 'system-identity';

/** A key as one identity reaches it. */
type Side = Pick<
  EncryptedRegistry,
  'key' | 'vault' | 'keyFacts' | 'assignments' | 'identity' | 'now'
>;

/** State and findings that a plan leads to. Pure. */
export function afterwardsOf(
  encrypted: EncryptedRegistry,
  { steps, intent }: { steps: readonly StepSpec[]; intent: Intent },
  context: Pick<PlanContext, 'target' | 'identity'>,
): Afterwards {
  const now = foundIn(encrypted);
  const after = factsAfter(encrypted, steps, context);
  const then = foundIn(after);
  const isIn = (findings: readonly Finding[], { id }: Finding) =>
    findings.some(finding => finding.id === id);
  const state = stateOf(after, findingsOf(after));
  const begins = then.filter(finding => !isIn(now, finding));
  return {
    state: { ...state, message: inWords(state.message) },
    begins: (intent.kind === 'revoke' ? withoutUndo(begins) : begins)
      // Nothing is to be fixed yet.
      .map(({ intent: _intent, ...finding }) => ({
        ...finding,
        message: inWords(finding.message),
      })),
    ends: now
      .filter(finding => !isIn(then, finding))
      // What is only no longer looked at, in manual mode, is not mended.
      .filter(
        finding =>
          after.mode === 'automatic' || ruleOf(finding)?.mode !== 'automatic',
      )
      .map(({ intent: _intent, ...finding }) => finding),
    ...(intent.kind === 'rotate' &&
      !intent.stopRotation &&
      intent.rotateEveryDays === undefined &&
      then.some(({ id }) => id === 'pinned-key-trap') && {
        stopRotation: true,
      }),
  };
}

function foundIn(encrypted: EncryptedRegistry): Finding[] {
  return findingsOf(encrypted).filter(({ verdict }) => verdict === 'found');
}

/** The facts as the steps leave them, in their order. */
export function factsAfter(
  encrypted: EncryptedRegistry,
  steps: readonly StepSpec[],
  { target, identity }: Pick<PlanContext, 'target' | 'identity'>,
): EncryptedRegistry {
  let after = encrypted;
  // The key and the identity that the registry is to be pointed at, which may be those that it has.
  let aim: Side = {
    key: encrypted.key,
    vault: encrypted.vault,
    keyFacts: encrypted.keyFacts,
    assignments: encrypted.assignments,
    now: encrypted.now,
    ...target,
    identity: identity ?? encrypted.identity,
  };
  for (const spec of steps) {
    after = { ...after, ...sideAfter(after, spec) };
    aim = { ...aim, ...sideAfter(aim, spec) };
    after = registryAfter(after, aim, spec);
  }
  return after;
}

/** Changes of the registry itself by one step. */
function registryAfter(
  after: EncryptedRegistry,
  aim: Side,
  spec: StepSpec,
): EncryptedRegistry {
  const succeeded: EncryptedRegistry = {
    ...after,
    registry: { ...after.registry, provisioningState: 'Succeeded' },
    changes: { ...after.changes, failed: undefined },
  };
  switch (spec.kind) {
    case 'point-registry-at-key': {
      const key = keyOf(spec) ?? aim.key.versionless;
      const use = spec.use === 'new-version' ? NEW_VERSION : spec.use;
      return {
        ...succeeded,
        ...aim,
        key: spec.mode === 'automatic' ? key : key.at(use),
        mode: spec.mode,
        versionInUse: use,
        changes: {
          ...succeeded.changes,
          chosen: { version: use, at: after.now },
        },
      };
    }
    case 'await-following':
    case 'resend-key': {
      const latest =
        after.keyFacts.known && latestVersion(after.keyFacts.value);
      return after.mode === 'automatic' && latest
        ? { ...succeeded, versionInUse: latest.version }
        : succeeded;
    }
    case 'delete-key':
      return keyOf(spec)?.keyOfKey === after.key.keyOfKey
        ? {
            ...after,
            deletedKey: {
              known: true,
              observedAt: after.now,
              azureAt: after.now,
              value: { deletedAt: new Date(after.now).toISOString() },
            },
          }
        : after;
    default:
      return after;
  }
}

/** Changes of a key, its vault and the access to it by one step. */
function sideAfter(side: Side, spec: StepSpec): Partial<Side> {
  switch (spec.kind) {
    case 'make-key-version':
      return ofKey(side, spec, facts => ({
        ...facts,
        versions: [newVersion(facts, side.now), ...facts.versions],
      }));
    case 'create-key':
      return keyOf(spec)?.keyOfKey === side.key.keyOfKey
        ? {
            keyFacts: known(side.now, {
              vaultName: side.key.vaultName,
              name: side.key.keyName,
              type: spec.type,
              size: spec.size,
              operations: ['wrapKey', 'unwrapKey'],
              versions: [newVersion({}, side.now)],
              rotatesByPolicy: false,
            }),
          }
        : {};
    case 'set-rotation-policy':
      return ofKey(side, spec, facts => ({
        ...facts,
        rotationPolicy: spec.policy,
        rotatesByPolicy: rotates(spec.policy),
      }));
    case 'set-version-enabled': {
      const version = keyOf(spec)?.version;
      return ofKey(side, spec, facts => ({
        ...facts,
        versions: facts.versions.map(one =>
          one.version === version ? { ...one, enabled: spec.enabled } : one,
        ),
      }));
    }
    case 'delete-key':
      return keyOf(spec)?.keyOfKey === side.key.keyOfKey
        ? { keyFacts: unknown('not-found', 'The key is deleted') }
        : {};
    case 'recover-key':
      return keyOf(spec)?.keyOfKey === side.key.keyOfKey
        ? {
            keyFacts: unknown(
              'unavailable',
              'the key shows its versions only when it is recovered',
            ),
          }
        : {};
    case 'attach-identity':
      return attached(side, spec.identity);
    case 'create-role-assignment':
    case 'delete-role-assignment':
      return ofAssignments(side, spec);
    case 'add-access-policy':
      return ofPolicies(
        side,
        { vaultId: spec.vaultId, objectId: spec.entry.objectId },
        keys => [...keys, ...spec.entry.keys],
      );
    case 'keep-permissions':
      // The permissions that `all` stood for, one by one.
      return ofPolicies(side, spec, keys => [...keys, ...spec.keyPermissions]);
    case 'remove-access-policy':
      return ofPolicies(side, spec, keys =>
        keys.filter(key => !holds(spec.keyPermissions, key)),
      );
    case 'await-access':
    case 'await-following':
    case 'confirm-key-state':
    case 'confirm-restored':
    case 'confirm-revoked':
    case 'confirm-rotation':
    case 'create-identity':
    case 'create-registry':
    case 'point-registry-at-key':
    case 'record-pull':
    case 'resend-key':
      return {};
    default:
      return assertNever(spec);
  }
}

function attached({ identity }: Side, of: string): Partial<Side> {
  const isIt =
    of === 'system'
      ? identity.kind === 'system'
      : identity.userAssigned?.resourceId.toLowerCase() === of.toLowerCase();
  return isIt
    ? {
        identity: {
          ...identity,
          attached: true,
          principalId: identity.principalId ?? SYSTEM_IDENTITY,
        },
      }
    : {};
}

function ofAssignments(
  side: Side,
  spec: Extract<
    StepSpec,
    { kind: 'create-role-assignment' | 'delete-role-assignment' }
  >,
): Partial<Side> {
  const { assignments, now } = side;
  if (spec.kind === 'delete-role-assignment') {
    const id = spec.assignment.id.toLowerCase();
    return assignments?.known
      ? {
          assignments: {
            ...assignments,
            value: assignments.value.filter(one => one.id.toLowerCase() !== id),
          },
        }
      : {};
  }
  const { assignment } = spec;
  if (!isFor(assignment.principalId, side.identity)) return {};
  if (!isAt(assignment.scope, side.key)) return {};
  const made: RoleAssignmentFacts = {
    ...assignment,
    id: `${assignment.scope}/providers/Microsoft.Authorization/roleAssignments/${assignment.name}`,
    keyUses: assignment.keyUses ?? [...WRAP_PERMISSIONS],
  };
  return assignments && !assignments.known
    ? {}
    : { assignments: known(now, [...(assignments?.value ?? []), made]) };
}

function ofPolicies(
  { vault }: Side,
  { vaultId, objectId }: { vaultId: string; objectId: string },
  change: (keys: string[]) => string[],
): Partial<Side> {
  if (!vault.known || vault.value.id.toLowerCase() !== vaultId.toLowerCase()) {
    return {};
  }
  const entry = entryOf(vault.value, objectId);
  const changed = {
    tenantId: vault.value.tenantId,
    objectId,
    secrets: [],
    certificates: [],
    storage: [],
    ...entry,
    keys: change(entry?.keys ?? []),
  };
  const others = vault.value.accessPolicies.filter(one => one !== entry);
  const value: VaultFacts = {
    ...vault.value,
    accessPolicies: [...others, changed],
  };
  return { vault: { ...vault, value } };
}

function ofKey(
  { key, keyFacts }: Side,
  spec: StepSpec,
  change: (facts: KeyFacts) => KeyFacts,
): Partial<Side> {
  return keyFacts.known && keyOf(spec)?.keyOfKey === key.keyOfKey
    ? { keyFacts: { ...keyFacts, value: change(keyFacts.value) } }
    : {};
}

/** The key that a step is about. In the spec it is text. */
function keyOf(spec: StepSpec): KeyIdentifier | undefined {
  return (readStep(spec)?.effects ?? []).flatMap(effect =>
    'key' in effect ? [effect.key] : [],
  )[0];
}

function isFor(principal: string, { principalId, kind }: Identity): boolean {
  return principal === SYSTEM_IDENTITY
    ? kind === 'system'
    : principal.toLowerCase() === principalId?.toLowerCase();
}

function isAt(scope: string, { vaultName, keyName }: KeyIdentifier): boolean {
  const at = keysAt(scope);
  return (
    at === undefined ||
    (at.vaultName === vaultName.toLowerCase() &&
      (at.keyName === undefined || at.keyName === keyName.toLowerCase()))
  );
}

function newVersion(
  { rotationPolicy }: Pick<Partial<KeyFacts>, 'rotationPolicy'>,
  now: number,
): KeyVersionFacts {
  const created = new Date(now).toISOString();
  const { expiryTime } = rotationPolicy ?? {};
  const expires = expiryTime && timeAfter(created, expiryTime);
  return {
    version: NEW_VERSION,
    enabled: true,
    created,
    ...(expires && { expires: new Date(expires).toISOString() }),
  };
}

function known<T>(now: number, value: T): Fact<T> {
  return { known: true, value, observedAt: now, azureAt: now };
}

function unknown(
  kind: 'not-found' | 'unavailable',
  message: string,
): Fact<never> {
  return { known: false, problem: { kind, code: 'AfterThePlan', message } };
}

/** A text without the stand-in of the new version. */
function inWords(text: string): string {
  const short = shortVersion(NEW_VERSION);
  return text
    .replaceAll(`Version ${short}`, 'The new version')
    .replaceAll(`version ${short}`, 'the new version')
    .replaceAll(short, 'the new version');
}
