import {
  type AccessPaths,
  type AzureProblem,
  type EncryptionIdentity,
  type Fact,
  type Freshness,
  type KeyFacts,
  type KeyView,
  type RegistryEncryption,
  type UnknownView,
  type UnreadableRegistry,
  type VaultFacts,
  type VaultView,
} from 'backstage-plugin-acr-cmk-common';
import { accessPathsOf, describePath } from './accessPaths';
import { firewallOf } from './firewall';
import { encryptionFields } from './plan/draft';
import { isKeyMissing, missingKeyInWords } from './missingKey';
import type { Registry } from './registry';
import {
  latestVersion,
  type RegistryFactBundle,
  type EncryptedRegistry,
  encryptedRegistryOf,
  lastConfirmedAt,
} from './encryptedRegistry';
import { verdictOf } from './verdict';

/** Versions of a key that are shown. */
const MAX_VERSIONS = 200;

/** A registry as the tab shows it, without the parts that depend on the viewer. */
export type RegistryView = Omit<
  RegistryEncryption,
  | 'actions'
  | 'consumers'
  | 'consumersComplete'
  | 'binding'
  | 'runningOperationId'
  | 'freshness'
  | 'changeToken'
>;

/** View of a registry whose facts could not be read. */
export function unreadableView(
  text: string,
  { kind, message }: AzureProblem,
): UnreadableRegistry {
  const isAnswer = kind === 'denied' || kind === 'not-found';
  const reason = isAnswer ? kind : 'unavailable';
  return { kind: 'unreadable', text, reason, message };
}

/** Makes a view of facts: state, findings and descriptions. `now` is Azure's time. */
export function viewOf(bundle: RegistryFactBundle, now: number): RegistryView {
  const { registry } = bundle;
  const encrypted = encryptedRegistryOf(bundle, now);
  const { state, findings } = verdictOf(bundle, now);
  const common = {
    kind: 'registry' as const,
    registryId: registry.id,
    name: registry.name,
    loginServer: registry.loginServer,
    location: registry.location,
    network: registry.network,
    encryption: encryptionFields(registry),
    lastKeyRotation: registry.encryption.lastKeyRotation,
  };
  if (!encrypted) {
    return {
      ...common,
      state,
      identity: null,
      accessPaths: { known: true, paths: [] },
      key: null,
      vault: null,
      findings,
    };
  }
  return {
    ...common,
    state,
    versionMode: encrypted.mode,
    identity: identityView(encrypted),
    accessPaths: accessView(encrypted),
    key: isKeyMissing(encrypted)
      ? { known: false, problem: missingKeyInWords(encrypted).message }
      : keyView(encrypted.keyFacts, encrypted.versionInUse),
    vault: vaultView(encrypted.vault),
    findings,
  };
}

function identityView({ identity }: EncryptedRegistry): EncryptionIdentity {
  const resourceId = identity.userAssigned?.resourceId;
  return {
    kind: identity.kind,
    name:
      identity.kind === 'system'
        ? 'System-assigned identity'
        : (resourceId?.slice(resourceId.lastIndexOf('/') + 1) ??
          'An identity that is not attached'),
    resourceId,
    clientId: identity.kind === 'system' ? undefined : identity.reference,
    principalId: identity.principalId,
    attached: identity.attached,
  };
}

function accessView(encrypted: EncryptedRegistry): AccessPaths {
  const paths = accessPathsOf(encrypted);
  return paths.known
    ? {
        known: true,
        paths: paths.paths.map(path =>
          describePath(path, encrypted.key.vaultName),
        ),
      }
    : { known: false, problem: paths.problem.message, paths: [] };
}

function unknownView(fact: Extract<Fact<unknown>, { known: false }>) {
  return {
    known: false,
    problem: fact.problem.message,
  } satisfies UnknownView;
}

function keyView(
  fact: Fact<KeyFacts>,
  versionInUse: string | undefined,
): KeyView | UnknownView {
  if (!fact.known) return unknownView(fact);
  const key = fact.value;
  return {
    known: true,
    name: key.name,
    vaultName: key.vaultName,
    type: key.type,
    size: key.size,
    recoveryLevel: key.recoveryLevel,
    rotatesByPolicy: key.rotatesByPolicy,
    ...(key.rotationPolicy && { rotationPolicy: key.rotationPolicy }),
    versionInUse: versionInUse ?? null,
    latestVersion: latestVersion(key)?.version ?? null,
    versions: key.versions.slice(0, MAX_VERSIONS),
  };
}

function vaultView(fact: Fact<VaultFacts>): VaultView | UnknownView {
  if (!fact.known) return unknownView(fact);
  const vault = fact.value;
  return {
    known: true,
    name: vault.name,
    id: vault.id,
    permissionModel: vault.permissionModel,
    purgeProtection: vault.purgeProtection,
    softDeleteRetentionDays: vault.softDeleteRetentionDays,
    firewall: firewallOf(vault),
  };
}

/** Age of a view of several facts: that of the oldest. `now` is our time. */
export function freshnessOf(
  registry: Extract<Fact<Registry>, { known: true }>,
  { vault, key, assignments }: RegistryFactBundle,
  now: number,
): Freshness {
  const facts = [registry, vault, key, assignments].flatMap(fact =>
    fact?.known ? [fact] : [],
  );
  // A list that confirms a fact has no lag.
  const lagOf = ({
    lagMs = 0,
    observedAt,
    confirmedAt = 0,
  }: (typeof facts)[number]) => (confirmedAt > observedAt ? 0 : lagMs);
  const oldest = Math.min(
    ...facts.map(fact => lastConfirmedAt(fact) + lagOf(fact)),
  );
  const lag = Math.max(...facts.map(lagOf));
  const problem = facts.find(
    ({ refreshProblem }) => refreshProblem,
  )?.refreshProblem;
  return {
    observedAt: new Date(oldest).toISOString(),
    ageSeconds: Math.max(0, Math.round((now - oldest) / 1000)),
    ...(lag > 0 && { lagSeconds: lag / 1000 }),
    stale: problem !== undefined,
    problem: problem?.message,
  };
}
