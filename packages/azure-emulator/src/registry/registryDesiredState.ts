import { mayDo } from '../access/authorise';
import { arm, registry as errors } from '../errors';
import {
  asReturnedIdentityId,
  keyUri,
  parseKeyUri,
  parseResourceId,
  same,
  TYPES,
} from '../state/ids';
import {
  Registry,
  RegistryEncryption,
  AttachedIdentities,
  RegistryOutcome,
} from '../state/model';
import {
  encryptionIdentity,
  newestUsable,
  registryReaches,
} from './registryKey';
import { LINKED_CHECK_ON_EVERY_IDENTITY } from '../assumptions';
import { checkSettings, mergeSettings } from './registrySettings';
import { newSystemIdentity } from '../arm/attachedIdentities';
import type { Azure, Call } from '../types';
import {
  asRecord,
  optionalRecord,
  optionalString,
  requiredString,
  stringMap,
} from '../http/body';

type How = 'create' | 'put' | 'patch';

/** The current registry and the desired one. */
interface RegistryChange {
  present: Registry;
  desired: Registry;
}

const SKUS = ['Basic', 'Standard', 'Premium'];

/**
 * Reads the registry that a request describes; throws Azure's error when it is refused. Settings
 * are merged; a PUT replaces tags and identity, a PATCH changes what it names. Unknown and read-only
 * fields are ignored.
 */
export function readDesiredState(
  call: Call,
  present: Registry,
  how: How,
): RegistryOutcome {
  const { azure, request } = call;
  const { body } = request;
  const patch = how === 'patch';
  const properties = optionalRecord(body.properties, 'properties') ?? {};
  const sku = desiredSku(body.sku, patch ? present.sku : undefined);
  // Before an identity that does not exist [?].
  if (namesKey(properties.encryption) && sku !== 'Premium') {
    throw errors.premiumOnly();
  }
  const identity = desiredIdentity(call, present, patch);
  const outcome: RegistryOutcome = {
    tags: stringMap(body.tags, 'tags') ?? (patch ? present.tags : {}),
    sku,
    identity,
    settings: mergeSettings(present.settings, properties, {
      creating: how === 'create',
      now: azure.now(),
    }),
  };
  const encryption = desiredEncryption(
    call,
    { present, outcome, how },
    properties.encryption,
  );
  checkIdentityStays(azure, present, { identity, encryption });
  // A registry that has a key stays Premium [?].
  if (encryption && outcome.sku !== 'Premium') {
    throw errors.premiumOnly();
  }
  checkSettings(outcome.settings, {
    sku: outcome.sku,
    encrypted: encryption !== undefined,
  });
  return { ...outcome, ...(encryption && { encryption }) };
}

/** Whether a request asks for a customer-managed key. */
function namesKey(value: unknown): boolean {
  const field = 'properties.encryption';
  const desired = optionalRecord(value, field);
  const status = optionalString(desired?.status, `${field}.status`) ?? '';
  return (
    same(status, 'enabled') ||
    (!same(status, 'disabled') && Boolean(desired?.keyVaultProperties))
  );
}

function desiredSku(value: unknown, present: string | undefined): string {
  const sku = optionalRecord(value, 'sku');
  if (!sku) {
    if (!present) throw arm.invalidBody('sku is required');
    return present;
  }
  const name = requiredString(sku.name, 'sku.name');
  const known = SKUS.find(candidate => same(candidate, name));
  if (!known) {
    throw arm.invalidBody(`sku.name must be one of ${SKUS.join(', ')}`);
  }
  return known;
}

function desiredIdentity(
  call: Call,
  present: Registry,
  patch: boolean,
): AttachedIdentities {
  const desired = optionalRecord(call.request.body.identity, 'identity');
  if (!desired) {
    return patch ? present.identity : { users: [] };
  }
  const type = (
    optionalString(desired.type, 'identity.type') ?? ''
  ).toLowerCase();
  const known = optionalRecord(
    desired.userAssignedIdentities,
    'identity.userAssignedIdentities',
  );
  const wantsUsers = type.includes('userassigned') || (!type && known);
  const users = wantsUsers
    ? desiredUsers(call, present, { changes: known ?? {}, patch })
    : [];
  const system = type.includes('systemassigned')
    ? (present.identity.system ?? newSystemIdentity(call.azure, present))
    : undefined;
  return { users, ...(system && { system }) };
}

function desiredUsers(
  call: Call,
  present: Registry,
  { changes, patch }: { changes: Record<string, unknown>; patch: boolean },
): string[] {
  const { identitiesAreMerged } = call.azure.assumptions;
  const users = patch && identitiesAreMerged ? [...present.identity.users] : [];
  for (const [id, value] of Object.entries(changes)) {
    const at = users.findIndex(user => same(user, id));
    if (value === null) {
      if (at >= 0) users.splice(at, 1);
      continue;
    }
    checkIdentityValue(call.azure, id, value);
    checkLinkedAccess(call, present, id);
    if (at < 0) {
      users.push(asReturnedIdentityId(id));
    }
  }
  return users;
}

/** `{}` or the present values; anything else is `InvalidIdentityValues`. */
function checkIdentityValue(azure: Azure, id: string, value: unknown) {
  const path = parseResourceId(id);
  const found =
    path && same(path.type, TYPES.identity)
      ? azure.store.get('identities', id)
      : undefined;
  if (!found) {
    throw errors.identityMissing(id);
  }
  const { principalId, clientId } = asRecord(
    value,
    'identity.userAssignedIdentities',
  );
  if (
    (principalId !== undefined && principalId !== found.principalId) ||
    (clientId !== undefined && clientId !== found.clientId)
  ) {
    throw errors.invalidIdentityValues();
  }
}

function checkLinkedAccess(call: Call, registry: Registry, id: string) {
  const attached = registry.identity.users.some(user => same(user, id));
  if (attached && !LINKED_CHECK_ON_EVERY_IDENTITY) {
    return;
  }
  const linked = `${TYPES.identity}/assign/action`;
  if (!mayDo(call, { action: linked, scope: id })) {
    throw arm.linkedAuthorizationFailed(
      call.caller,
      { action: `${TYPES.registry}/write`, scope: registry.id },
      { action: linked, scope: id },
    );
  }
}

function checkIdentityStays(
  azure: Azure,
  present: Registry,
  { identity, encryption }: Pick<Registry, 'identity' | 'encryption'>,
) {
  // An identity that was already removed does not block other changes.
  if (!encryption || encryption.identityLostAt !== undefined) {
    return;
  }
  if (!encryptionIdentity(azure, { identity }, encryption.identity).attached) {
    throw errors.identityInUse(encryption.identity, present.name);
  }
}

function desiredEncryption(
  call: Call,
  {
    present,
    outcome,
    how,
  }: { present: Registry; outcome: RegistryOutcome; how: How },
  value: unknown,
): RegistryEncryption | undefined {
  const desired = optionalRecord(value, 'properties.encryption');
  const status = optionalString(
    desired?.status,
    'properties.encryption.status',
  );
  const desiredKey = optionalRecord(
    desired?.keyVaultProperties,
    'properties.encryption.keyVaultProperties',
  );
  const { encryption } = present;
  if (!desired || (!desiredKey && !same(status ?? '', 'enabled'))) {
    if (encryption && desired && same(status ?? '', 'disabled')) {
      throw errors.cannotDisable(present.name);
    }
    return encryption;
  }
  if (encryption && same(status ?? '', 'disabled')) {
    throw errors.cannotDisable(present.name);
  }
  if (!encryption && same(status ?? '', 'disabled')) {
    return undefined;
  }
  if (!encryption && how !== 'create') {
    throw errors.onlyAtCreation(present.name);
  }
  const keyIdentifier = optionalString(
    desiredKey?.keyIdentifier,
    'properties.encryption.keyVaultProperties.keyIdentifier',
  );
  const identity = optionalString(
    desiredKey?.identity,
    'properties.encryption.keyVaultProperties.identity',
  );
  if (!keyIdentifier || !identity) {
    throw errors.bothRequired();
  }
  if (how === 'create' && same(identity, 'system')) {
    throw errors.userAssignedAtCreation();
  }
  return checkedEncryption(
    call.azure,
    { present, desired: { ...present, ...outcome } },
    { keyIdentifier, identity },
  );
}

/** The desired identity must have access to the key, and the version in use must still be readable. */
function checkedEncryption(
  azure: Azure,
  { present, desired }: RegistryChange,
  { keyIdentifier, identity }: { keyIdentifier: string; identity: string },
): RegistryEncryption {
  const uri = parseKeyUri(keyIdentifier);
  if (!uri) {
    throw errors.invalidKeyIdentifier(keyIdentifier);
  }
  if (!encryptionIdentity(azure, desired, identity).attached) {
    throw encryptionIdentity(azure, present, identity).attached
      ? errors.identityInUse(identity, present.name)
      : errors.identityNotAttached(present.id, present.name, identity);
  }
  const version =
    uri.version ??
    newestUsable(azure.key(uri.vault, uri.name)?.versions ?? [], azure.now())
      ?.version;
  const target = version !== undefined && { ...uri, version };
  if (
    !target ||
    !registryReaches(
      azure,
      { registry: desired, encryption: { identity }, uri: target },
      'rewrap',
    ).reaches
  ) {
    throw errors.cannotReachKey(keyIdentifier, identity);
  }
  checkOldKeyReadable(azure, { present, desired, identity }, target);
  const { encryption } = present;
  const moved =
    encryption !== undefined &&
    !same(versionInUseUri(encryption), keyUri(uri.vault, uri.name, version));
  return {
    keyIdentifier,
    identity,
    versionInUse: target.version,
    ...(moved
      ? { lastRotatedAt: azure.now() }
      : encryption?.lastRotatedAt !== undefined && {
          lastRotatedAt: encryption.lastRotatedAt,
        }),
  };
}

function versionInUseUri({ keyIdentifier, versionInUse }: RegistryEncryption) {
  const uri = parseKeyUri(keyIdentifier)!;
  return keyUri(uri.vault, uri.name, versionInUse);
}

/** To re-wrap its data keys, the registry must first unwrap them with the old version. */
function checkOldKeyReadable(
  azure: Azure,
  { present, desired, identity }: RegistryChange & { identity: string },
  target: { vault: string; name: string; version: string },
) {
  const { encryption } = present;
  const uri = encryption && parseKeyUri(encryption.keyIdentifier);
  if (!encryption || !uri) {
    return;
  }
  const old = { ...uri, version: encryption.versionInUse };
  if (
    same(
      keyUri(old.vault, old.name, old.version),
      keyUri(target.vault, target.name, target.version),
    )
  ) {
    return;
  }
  const uses = [
    { registry: present, encryption, uri: old },
    { registry: desired, encryption: { identity }, uri: old },
  ];
  if (!uses.some(use => registryReaches(azure, use, 'unwrap').reaches)) {
    throw errors.cannotReachKey(
      keyUri(old.vault, old.name, old.version),
      encryption.identity,
    );
  }
}
