import type { Key } from '@azure/arm-keyvault';
import type { KeyProperties, KeyVaultKey } from '@azure/keyvault-keys';
import {
  type KeyFacts,
  KeyIdentifier,
  type KeyVersionFacts,
  type RotationPolicy,
} from 'backstage-plugin-acr-cmk-common';
import { withoutDuplicates } from '../transport/pipeline';
import type { DeletedKeyFacts, VaultKeyFacts } from '../ports';
import { tagged } from '../transport/tagged';

/** ARM and the vault write times as seconds since 1970. */
const isoOfSeconds = (seconds: number) =>
  new Date(seconds * 1000).toISOString();

const isoOf = (time: Date | undefined) => time?.toISOString();

/** A field that Azure always sends. Without it we do not know what the answer means. */
export function required<T>(value: T | undefined | null, name: string): T {
  if (value === undefined || value === null || value === '') {
    throw new Error(`The answer has no ${name}`);
  }
  return value;
}

/** Newest first; of two that were made in the same second, always the same one. */
export function newestFirst(versions: KeyVersionFacts[]): KeyVersionFacts[] {
  return withoutDuplicates(versions, version => version.version).sort(
    (a, b) =>
      b.created.localeCompare(a.created) || b.version.localeCompare(a.version),
  );
}

export function versionOf(uri: string): string {
  return required(KeyIdentifier.parse(uri).version, 'version');
}

/** A version of the ARM keys API as facts. */
function toKeyVersionFacts(key: Key): KeyVersionFacts {
  const { attributes } = key;
  return {
    version: versionOf(required(key.keyUriWithVersion, 'keyUriWithVersion')),
    enabled: attributes?.enabled !== false,
    created: isoOfSeconds(required(attributes?.created, 'created')),
    ...(attributes?.notBefore
      ? { notBefore: isoOfSeconds(attributes.notBefore) }
      : {}),
    ...(attributes?.expires
      ? { expires: isoOfSeconds(attributes.expires) }
      : {}),
  };
}

/** Time when the newest version of a listed key was made and last changed, and when it expires. */
export function timesOf({
  attributes,
}: Key): Partial<Record<'created' | 'updated' | 'expires', string>> {
  const times = { ...attributes };
  return Object.fromEntries(
    (['created', 'updated', 'expires'] as const).flatMap(name => {
      const seconds = times[name];
      return seconds ? [[name, isoOfSeconds(seconds)]] : [];
    }),
  );
}

/** A key of the ARM keys API with its versions as facts. */
export function toKeyFacts(
  vaultName: string,
  key: Key,
  versions: Key[],
): KeyFacts {
  return {
    vaultName,
    name: required(key.name, 'name'),
    type: key.kty ?? '',
    ...(key.keySize ? { size: key.keySize } : {}),
    operations: key.keyOps ?? [],
    ...(key.attributes?.recoveryLevel
      ? { recoveryLevel: key.attributes.recoveryLevel }
      : {}),
    ...tagged(key.tags),
    versions: newestFirst(versions.map(toKeyVersionFacts)),
    ...rotationOf(key),
  };
}

/** Facts of a key with its versions of now. */
export const withVersions = (facts: KeyFacts, versions: Key[]): KeyFacts => ({
  ...facts,
  versions: newestFirst(versions.map(toKeyVersionFacts)),
});

/** Whether and when the vault makes new versions by itself, and how long they are valid. */
function rotationOf({
  rotationPolicy,
}: Key): Pick<KeyFacts, 'rotatesByPolicy' | 'rotationPolicy'> {
  if (!rotationPolicy) return { rotatesByPolicy: false };
  const policy = toRotationPolicy(
    (rotationPolicy.lifetimeActions ?? []).map(({ action, trigger }) => ({
      action: action?.type,
      ...trigger,
    })),
    rotationPolicy.attributes?.expiryTime,
  );
  return {
    rotatesByPolicy: Boolean(policy.timeAfterCreate || policy.timeBeforeExpiry),
    rotationPolicy: policy,
  };
}

/** A rotation policy as facts; ARM and the vault name its parts alike. */
export function toRotationPolicy(
  actions: readonly {
    action?: string;
    timeAfterCreate?: string;
    timeBeforeExpiry?: string;
  }[],
  expiryTime: string | undefined,
): RotationPolicy {
  const of = (type: string) =>
    actions.filter(({ action }) => action?.toLowerCase() === type);
  const timeAfterCreate = of('rotate').find(
    one => one.timeAfterCreate,
  )?.timeAfterCreate;
  const timeBeforeExpiry = of('rotate').find(
    one => one.timeBeforeExpiry,
  )?.timeBeforeExpiry;
  const notifyBeforeExpiry = of('notify').find(
    one => one.timeBeforeExpiry,
  )?.timeBeforeExpiry;
  return {
    ...(timeAfterCreate && { timeAfterCreate }),
    ...(timeBeforeExpiry && { timeBeforeExpiry }),
    ...(expiryTime && { expiryTime }),
    ...(notifyBeforeExpiry && { notifyBeforeExpiry }),
  };
}

/** A version as the vault lists it. */
export function toListedVersion(properties: KeyProperties): KeyVersionFacts {
  return {
    version: versionOf(required(properties.id, 'id')),
    enabled: properties.enabled !== false,
    created: required(isoOf(properties.createdOn), 'created'),
    ...(properties.notBefore ? { notBefore: isoOf(properties.notBefore) } : {}),
    ...(properties.expiresOn ? { expires: isoOf(properties.expiresOn) } : {}),
  };
}

/** Bits of an RSA modulus, which is all that the vault says of a key's size. */
function sizeOf(key: KeyVaultKey): { size?: number } {
  return key.key?.n ? { size: key.key.n.length * 8 } : {};
}

export function toVaultKeyFacts(key: KeyVaultKey): VaultKeyFacts {
  return {
    ...toListedVersion(key.properties),
    type: key.keyType ?? '',
    ...sizeOf(key),
    operations: key.keyOperations ?? [],
    ...(key.properties.recoveryLevel
      ? { recoveryLevel: key.properties.recoveryLevel }
      : {}),
  };
}

/** A deleted key as REST answers it. */
export function toDeletedKeyFacts(name: string, body: any): DeletedKeyFacts {
  return {
    name,
    ...(body?.deletedDate ? { deletedAt: isoOfSeconds(body.deletedDate) } : {}),
    ...(body?.scheduledPurgeDate
      ? { scheduledPurgeAt: isoOfSeconds(body.scheduledPurgeDate) }
      : {}),
    ...(body?.attributes?.recoveryLevel
      ? { recoveryLevel: body.attributes.recoveryLevel }
      : {}),
  };
}
