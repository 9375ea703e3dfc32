import { seconds } from '../state/durations';
import { vault as errors } from '../errors';
import { keyId } from '../state/ids';
import { Key, KeyVersion, Vault } from '../state/model';
import { vaultOfHost } from '../access/authorise';
import { KEY_ACTION } from '../access/roleAccess';
import { addVersion, rotateKey } from './keyVersions';
import { keyBundle, keyItem, rotationPolicyJson } from './keyJson';
import {
  opsOrDefault,
  readFlag,
  readKind,
  readOps,
  readTime,
} from './keyInput';
import { readRotationPolicy } from './keyRotationPolicy';
import type { Answer, Azure, Call, Needs, Route } from '../types';
import { HSM_KEY_VERSIONS } from '../assumptions';
import { ok, origin } from '../http/answers';
import { optionalRecord, stringMap } from '../http/body';
import { routesOf } from '../http/route';

export const needsKey = (policy: string, verb: string): Needs => ({
  kind: 'key',
  policy,
  action: `${KEY_ACTION}/${verb}`,
});

const route = routesOf('vault');

const POLICY_ACTION = 'Microsoft.KeyVault/vaults/keyrotationpolicies';

/** The data plane of a key vault: its keys and their versions. */
export const keyRoutes: Route[] = [
  route('GET /keys', needsKey('list', 'read'), listKeys),
  route('POST /keys/{key}/create', needsKey('create', 'create/action'), create),
  route('POST /keys/{key}/rotate', needsKey('rotate', 'rotate/action'), rotate),
  route('GET /keys/{key}', needsKey('get', 'read'), get),
  route('GET /keys/{key}/{version}', needsKey('get', 'read'), get),
  route('GET /keys/{key}/versions', needsKey('list', 'read'), listVersions),
  route('PATCH /keys/{key}', needsKey('update', 'update/action'), update),
  route(
    'PATCH /keys/{key}/{version}',
    needsKey('update', 'update/action'),
    update,
  ),
  route(
    'GET /keys/{key}/rotationpolicy',
    {
      kind: 'key',
      policy: 'getrotationpolicy',
      action: `${POLICY_ACTION}/read`,
    },
    getRotationPolicy,
  ),
  route(
    'PUT /keys/{key}/rotationpolicy',
    {
      kind: 'key',
      policy: 'setrotationpolicy',
      action: `${POLICY_ACTION}/write`,
    },
    putRotationPolicy,
  ),
];

/** The key of the path, unless it is missing, deleted or still being recovered. */
export function keyOf(call: Call): { vault: Vault; key: Key } {
  const { azure, params } = call;
  const vault = vaultOfHost(call);
  const key = azure.key(vault.name, params.key);
  if (!key || isBeingRecovered(azure, key)) {
    throw errors.keyNotFound(params.key);
  }
  return { vault, key };
}

function isBeingRecovered(azure: Azure, { recoveredAt }: Key): boolean {
  const { recoveredKeyDelaySeconds } = azure.assumptions;
  return (
    recoveredAt !== undefined &&
    azure.now() < recoveredAt + seconds(recoveredKeyDelaySeconds)
  );
}

/** The version in the path, or the latest. */
function versionOf(call: Call): {
  vault: Vault;
  key: Key;
  version: KeyVersion;
} {
  const { vault, key } = keyOf(call);
  const wanted = call.params.version?.toLowerCase();
  const version = wanted
    ? key.versions.find(candidate => candidate.version === wanted)
    : key.versions[key.versions.length - 1];
  if (!version) {
    throw errors.keyNotFound(`${key.name}/${wanted}`);
  }
  return { vault, key, version };
}

/** The name of a deleted key cannot be reused. */
function checkNameIsFree({ azure, params }: Call, vault: Vault) {
  const key = azure.store.get('keys', keyId(vault.name, params.key));
  if (!key) return;
  if (key.deleted) {
    const { deletedKeyDelaySeconds } = azure.assumptions;
    throw azure.now() < key.deleted.at + seconds(deletedKeyDelaySeconds)
      ? errors.isBeingDeleted(key.name)
      : errors.isDeletedButRecoverable(key.name);
  }
  if (isBeingRecovered(azure, key)) {
    throw errors.isBeingRecovered(key.name);
  }
}

const NAME = /^[a-z0-9-]{1,127}$/i;
/** Checks that a new key may have this name. */
function checkNewName(call: Call, vault: Vault) {
  const { key } = call.params;
  if (!NAME.test(key)) {
    throw errors.badParameter(
      `The request URI contains an invalid name: ${key}`,
    );
  }
  checkNameIsFree(call, vault);
}

function create(call: Call): Answer {
  const { azure, request, params } = call;
  const { body } = request;
  const vault = vaultOfHost(call);
  checkNewName(call, vault);
  checkRoomForVersion(vault, azure.key(vault.name, params.key));
  const kind = readKind(
    { kty: body.kty, size: body.key_size, curve: body.crv },
    vault,
  );
  const attributes = optionalRecord(body.attributes, 'attributes') ?? {};
  const tags = stringMap(body.tags, 'tags');
  const version = addVersion(
    azure,
    { vault: vault.name, name: params.key, at: azure.now() },
    {
      ...kind,
      keyOps: opsOrDefault(body.key_ops, kind.kty),
      enabled: readFlag(attributes.enabled, 'attributes.enabled') ?? true,
      notBefore: readTime(attributes.nbf, 'attributes.nbf'),
      expiresAt: readTime(attributes.exp, 'attributes.exp'),
      ...(tags && { tags }),
    },
  );
  const key = azure.key(vault.name, params.key)!;
  return ok(keyBundle(call, { vault, key, version }));
}

function rotate(call: Call): Answer {
  const { azure } = call;
  const { vault, key } = keyOf(call);
  if (vault.hsm && !key.rotationPolicy) {
    throw errors.policyBeforeRotation(key.name);
  }
  checkRoomForVersion(vault, key);
  const version = rotateKey(azure, key, azure.now());
  return ok(keyBundle(call, { vault, key, version }));
}

function get(call: Call): Answer {
  return ok(keyBundle(call, versionOf(call)));
}

function update(call: Call): Answer {
  const { azure, request } = call;
  const { vault, key, version } = versionOf(call);
  const { body } = request;
  const attributes = optionalRecord(body.attributes, 'attributes') ?? {};
  const tags = stringMap(body.tags, 'tags');
  const changed: KeyVersion = {
    ...version,
    enabled:
      readFlag(attributes.enabled, 'attributes.enabled') ?? version.enabled,
    notBefore: readTime(attributes.nbf, 'attributes.nbf') ?? version.notBefore,
    expiresAt: readTime(attributes.exp, 'attributes.exp') ?? version.expiresAt,
    keyOps: readOps(body.key_ops) ?? version.keyOps,
    tags: tags ?? version.tags,
    updatedAt: azure.now(),
  };
  azure.store.put('keys', {
    ...key,
    versions: key.versions.map(other =>
      other.version === version.version ? changed : other,
    ),
  });
  return ok(keyBundle(call, { vault, key, version: changed }));
}

/** "Key versions created as part of automatic or manual rotation count" (managed-hsm/key-rotation.md). */
function checkRoomForVersion(vault: Vault, key: Key | undefined) {
  if (vault.hsm && key && key.versions.length >= HSM_KEY_VERSIONS) {
    throw errors.tooManyVersions(key.name, HSM_KEY_VERSIONS);
  }
}

function getRotationPolicy(call: Call): Answer {
  const { vault, key } = keyOf(call);
  const { hsmKeyWithoutPolicy } = call.azure.assumptions;
  if (vault.hsm && !key.rotationPolicy && hsmKeyWithoutPolicy === 'not-found') {
    throw errors.policyNotFound(key.name);
  }
  return ok(rotationPolicyJson(vault, key));
}

function putRotationPolicy(call: Call): Answer {
  const { azure, request } = call;
  const { vault, key } = keyOf(call);
  const changed = {
    ...key,
    rotationPolicy: readRotationPolicy(
      request.body,
      { vault, before: key.rotationPolicy },
      azure,
    ),
  };
  azure.store.put('keys', changed);
  return ok(rotationPolicyJson(vault, changed));
}

function listKeys(call: Call): Answer {
  const { azure, request } = call;
  const vault = vaultOfHost(call);
  const items = azure.keysByVault
    .find(vault.name)
    .filter(key => !key.deleted && key.versions.length)
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(key =>
      keyItem(
        request,
        { vault, key, version: key.versions[key.versions.length - 1] },
        { withVersion: false },
      ),
    );
  return keyPage(call, items);
}

function listVersions(call: Call): Answer {
  const { vault, key } = keyOf(call);
  return keyPage(
    call,
    [...key.versions]
      .sort((a, b) => (a.version < b.version ? -1 : 1))
      .map(version =>
        keyItem(call.request, { vault, key, version }, { withVersion: true }),
      ),
  );
}

/** Answers with one page, of at most `keyPageSize` entries; `nextLink` is null at the end. */
function keyPage<T extends { kid: string }>(
  { azure, request }: Call,
  items: T[],
): Answer {
  const most = azure.assumptions.keyPageSize;
  const requested = Number(request.query.get('maxresults') ?? most);
  if (!Number.isInteger(requested) || requested < 1 || requested > most) {
    throw errors.badParameter(
      `maxresults must be a whole number between 1 and ${most}`,
    );
  }
  const token = request.query.get('$skiptoken');
  const after = token && Buffer.from(token, 'base64url').toString('utf8');
  const rest = after ? items.filter(({ kid }) => kid > after) : items;
  const value = rest.slice(0, requested);
  const version = request.query.get('api-version') ?? '';
  const last = Buffer.from(value[value.length - 1]?.kid ?? '');
  return ok({
    value,
    nextLink:
      rest.length > requested
        ? `${origin(request)}${
            request.path
          }?api-version=${version}&$skiptoken=${last.toString(
            'base64url',
          )}&maxresults=${requested}`
        : null,
  });
}
