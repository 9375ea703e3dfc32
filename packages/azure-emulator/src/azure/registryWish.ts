import type { Azure } from '../azure';
import { mayDo } from '../authorise';
import { arm, registry as errors } from '../errors';
import {
  asRecord,
  Call,
  optionalRecord,
  optionalString,
  requiredString,
  stringMap,
} from '../http';
import {
  asIdentityIdIsWrittenBack,
  keyUri,
  newGuid,
  parseKeyUri,
  parseResourceId,
  same,
  TYPES,
} from '../ids';
import {
  Registry,
  RegistryEncryption,
  RegistryIdentity,
  RegistryOutcome,
} from '../model';
import {
  encryptionIdentity,
  newestUsable,
  registryReaches,
} from '../rules/registryKey';
import {
  LINKED_CHECK_ON_EVERY_IDENTITY,
  UNTAGGED_RETENTION_DAYS,
} from '../unknowns';

type How = 'create' | 'put' | 'patch';

const SKUS = ['Basic', 'Standard', 'Premium'];

/** Settings that clients send and expect back; they have no effect here. */
const KEPT_SETTINGS = [
  'adminUserEnabled',
  'networkRuleSet',
  'policies',
  'dataEndpointEnabled',
  'publicNetworkAccess',
  'networkRuleBypassOptions',
  'zoneRedundancy',
  'anonymousPullEnabled',
];

export function defaultSettings(now: number): Record<string, unknown> {
  return {
    adminUserEnabled: false,
    networkRuleSet: {
      defaultAction: 'Allow',
      virtualNetworkRules: [],
      ipRules: [],
    },
    policies: {
      quarantinePolicy: { status: 'disabled' },
      trustPolicy: { type: 'Notary', status: 'disabled' },
      retentionPolicy: {
        days: UNTAGGED_RETENTION_DAYS,
        lastUpdatedTime: new Date(now).toISOString().replace('Z', '0000+00:00'),
        status: 'disabled',
      },
      exportPolicy: { status: 'enabled' },
    },
    dataEndpointEnabled: false,
    publicNetworkAccess: 'Enabled',
    networkRuleBypassOptions: 'AzureServices',
    zoneRedundancy: 'Disabled',
    anonymousPullEnabled: false,
  };
}

/**
 * What a request would make of a registry, or the refusal that Azure has for it. A PATCH changes what
 * it names, a PUT starts from the defaults; unknown fields and read-only ones are ignored.
 */
export function readWish(
  call: Call,
  present: Registry,
  how: How,
): RegistryOutcome {
  const { azure, request } = call;
  const { body } = request;
  const patch = how === 'patch';
  const properties = optionalRecord(body.properties, 'properties') ?? {};
  const identity = wishedIdentity(call, present, patch);
  const outcome: RegistryOutcome = {
    tags: stringMap(body.tags, 'tags') ?? (patch ? present.tags : {}),
    sku: wishedSku(body.sku, patch ? present.sku : undefined),
    identity,
    settings: {
      ...(patch ? present.settings : defaultSettings(azure.now())),
      ...Object.fromEntries(
        KEPT_SETTINGS.filter(
          name => properties[name] !== undefined && properties[name] !== null,
        ).map(name => [name, properties[name]]),
      ),
    },
  };
  const encryption = wishedEncryption(
    call,
    present,
    outcome,
    properties.encryption,
    how,
  );
  checkIdentityStays(azure, present, identity, encryption);
  if (encryption && outcome.sku !== 'Premium') {
    throw errors.premiumOnly();
  }
  return { ...outcome, ...(encryption && { encryption }) };
}

function wishedSku(value: unknown, present: string | undefined): string {
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

function wishedIdentity(
  call: Call,
  present: Registry,
  patch: boolean,
): RegistryIdentity {
  const wish = optionalRecord(call.request.body.identity, 'identity');
  if (!wish) {
    return patch ? present.identity : { users: [] };
  }
  const type = (optionalString(wish.type, 'identity.type') ?? '').toLowerCase();
  const known = optionalRecord(
    wish.userAssignedIdentities,
    'identity.userAssignedIdentities',
  );
  const wantsUsers = type.includes('userassigned') || (!type && known);
  const users = wantsUsers
    ? wishedUsers(call, present, known ?? {}, patch)
    : [];
  const system = type.includes('systemassigned')
    ? present.identity.system ?? newSystemIdentity(call.azure, present)
    : undefined;
  return { users, ...(system && { system }) };
}

function wishedUsers(
  call: Call,
  present: Registry,
  map: Record<string, unknown>,
  patch: boolean,
): string[] {
  const users = patch ? [...present.identity.users] : [];
  for (const [id, value] of Object.entries(map)) {
    const at = users.findIndex(user => same(user, id));
    if (value === null) {
      if (at >= 0) users.splice(at, 1);
      continue;
    }
    checkIdentityValue(call.azure, id, value);
    checkLinkedAccess(call, present, id);
    if (at < 0) {
      users.push(asIdentityIdIsWrittenBack(id));
    }
  }
  return users;
}

/** `{}`, or the values that are there already; anything else is `InvalidIdentityValues`. */
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
  if (!mayDo(call, linked, id)) {
    throw arm.linkedAuthorizationFailed(
      call.caller,
      `${TYPES.registry}/write`,
      registry.id,
      { action: linked, scope: id },
    );
  }
}

/** In Azure this service principal comes with the operation's end; here it is there a little early. */
function newSystemIdentity(azure: Azure, registry: Registry) {
  const principalId = newGuid();
  azure.store.put('principals', {
    id: principalId,
    appId: newGuid(),
    displayName: registry.name,
    kind: 'managedIdentity',
    resourceId: registry.id,
  });
  return { principalId };
}

function checkIdentityStays(
  azure: Azure,
  present: Registry,
  identity: RegistryIdentity,
  encryption: RegistryEncryption | undefined,
) {
  // One that is off the registry already is in nobody's way.
  if (!encryption || encryption.identityLostAt !== undefined) {
    return;
  }
  if (!encryptionIdentity(azure, { identity }, encryption.identity).attached) {
    throw errors.identityInUse(encryption.identity, present.name);
  }
}

function wishedEncryption(
  call: Call,
  present: Registry,
  outcome: RegistryOutcome,
  value: unknown,
  how: How,
): RegistryEncryption | undefined {
  const wish = optionalRecord(value, 'properties.encryption');
  const status = optionalString(wish?.status, 'properties.encryption.status');
  const keyWish = optionalRecord(
    wish?.keyVaultProperties,
    'properties.encryption.keyVaultProperties',
  );
  const { encryption } = present;
  if (!wish || (!keyWish && !same(status ?? '', 'enabled'))) {
    if (encryption && wish && same(status ?? '', 'disabled')) {
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
    keyWish?.keyIdentifier,
    'properties.encryption.keyVaultProperties.keyIdentifier',
  );
  const identity = optionalString(
    keyWish?.identity,
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
    present,
    { ...present, ...outcome },
    keyIdentifier,
    identity,
  );
}

/** The key must be reachable by the wished identity, and what is in use must still be readable. */
function checkedEncryption(
  azure: Azure,
  present: Registry,
  wished: Registry,
  keyIdentifier: string,
  identity: string,
): RegistryEncryption {
  const uri = parseKeyUri(keyIdentifier);
  if (!uri) {
    throw errors.invalidKeyIdentifier(keyIdentifier);
  }
  if (!encryptionIdentity(azure, wished, identity).attached) {
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
    !registryReaches(azure, wished, { identity }, target, 'rewrap').reaches
  ) {
    throw errors.cannotReachKey(keyIdentifier, identity);
  }
  checkOldKeyReadable(azure, present, wished, identity, target);
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

/** To wrap the data keys anew, the registry has to unwrap them with the old version first. */
function checkOldKeyReadable(
  azure: Azure,
  present: Registry,
  wished: Registry,
  identity: string,
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
  const readable =
    registryReaches(azure, present, encryption, old, 'unwrap').reaches ||
    registryReaches(azure, wished, { identity }, old, 'unwrap').reaches;
  if (!readable) {
    throw errors.cannotReachKey(
      keyUri(old.vault, old.name, old.version),
      encryption.identity,
    );
  }
}
