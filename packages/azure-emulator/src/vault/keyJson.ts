import { unixSeconds } from '../state/durations';
import { keyUri } from '../state/ids';
import { publicKeyOf } from './publicKey';
import { Key, KeyVersion, RotationPolicy, Vault } from '../state/model';
import {
  DEFAULT_NOTICE_BEFORE_EXPIRY,
  DEFAULT_RETENTION_DAYS,
} from '../assumptions';
import type { Call, Request } from '../types';

/** `exportable` and `hsmPlatform` came with 7.5; versions named by date are newer than that. */
function since75(request: Request): boolean {
  const version = request.query.get('api-version') ?? '';
  return /^\d{4}-/.test(version) || parseFloat(version) >= 7.5;
}

export function recoveryLevel(vault: Vault): string {
  const custom =
    vault.softDeleteRetentionInDays < DEFAULT_RETENTION_DAYS
      ? 'CustomizedRecoverable'
      : 'Recoverable';
  return vault.enablePurgeProtection ? custom : `${custom}+Purgeable`;
}

function attributesJson(request: Request, vault: Vault, version: KeyVersion) {
  return {
    enabled: version.enabled,
    ...(version.notBefore !== undefined && {
      nbf: unixSeconds(version.notBefore),
    }),
    ...(version.expiresAt !== undefined && {
      exp: unixSeconds(version.expiresAt),
    }),
    created: unixSeconds(version.createdAt),
    updated: unixSeconds(version.updatedAt),
    recoveryLevel: recoveryLevel(vault),
    recoverableDays: vault.softDeleteRetentionInDays,
    ...(since75(request) && { exportable: false, hsmPlatform: '0' }),
  };
}

/** A version of a key, and where it is. */
export interface VersionInVault {
  vault: Vault;
  key: Key;
  version: KeyVersion;
}

/** A version with its public key: the answer of create, rotate and get. */
export function keyBundle(
  { request }: Pick<Call, 'request'>,
  { vault, key, version }: VersionInVault,
) {
  return {
    key: {
      kid: keyUri(vault.name, key.name, version.version),
      kty: version.kty,
      key_ops: version.keyOps,
      ...publicKeyOf(version),
    },
    attributes: attributesJson(request, vault, version),
    ...(version.tags && { tags: version.tags }),
  };
}

/** A list entry: attributes without key material. */
export function keyItem(
  request: Request,
  { vault, key, version }: VersionInVault,
  options: { withVersion: boolean },
) {
  return {
    kid: keyUri(
      vault.name,
      key.name,
      options.withVersion ? version.version : undefined,
    ),
    attributes: attributesJson(request, vault, version),
    ...(version.tags && { tags: version.tags }),
  };
}

/** The policy of a vault's key for which none was set: a notification before the expiry, no rotation. */
const DEFAULT_ACTIONS: RotationPolicy['lifetimeActions'] = [
  {
    trigger: { timeBeforeExpiry: DEFAULT_NOTICE_BEFORE_EXPIRY },
    action: { type: 'Notify' },
  },
];

export function rotationPolicyJson(vault: Vault, key: Key) {
  const policy = key.rotationPolicy;
  return {
    id: `${keyUri(vault.name, key.name)}/rotationpolicy`,
    lifetimeActions:
      policy?.lifetimeActions ?? (vault.hsm ? [] : DEFAULT_ACTIONS),
    attributes: policy
      ? {
          ...policy.attributes,
          created: unixSeconds(policy.createdAt),
          updated: unixSeconds(policy.updatedAt),
        }
      : {},
  };
}
