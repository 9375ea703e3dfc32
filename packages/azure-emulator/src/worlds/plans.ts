/** The input of `WorldBuilder`. */
import type {
  Group,
  Identity,
  Key,
  NetworkAcls,
  RotationPolicy,
} from '../state/model';

export interface VaultPlan {
  model: 'rbac' | 'policies';
  sku?: string;
  purgeProtection: boolean;
  networkAcls?: NetworkAcls;
  retentionDays?: number;
  tags?: Record<string, string>;
}

export interface KeyPlan {
  versions: VersionPlan[];
  rotationPolicy?: Pick<RotationPolicy, 'lifetimeActions' | 'attributes'>;
}

export interface VersionPlan {
  /** Age at the world's start, in days. */
  ageDays: number;
  /** Days from the world's start until it expires; negative when it has. */
  expiresInDays?: number;
  enabled?: boolean;
}

/** A resource of a type that the emulator does not know. */
export interface ResourcePlan {
  name: string;
  kind?: string;
  sku?: Record<string, unknown>;
  tags?: Record<string, string>;
  /** The ids of its system identity. Without them, the resource has none. */
  identity?: { principalId: string; clientId: string };
  properties: Record<string, unknown>;
}

export interface RegistryPlan {
  name: string;
  group: Group;
  sku?: string;
  tags?: Record<string, string>;
  /** The identities attached to it. */
  identities?: Identity[];
  system?: boolean;
  createdDaysAgo?: number;
  encryption?: {
    key: Key;
    mode: 'automatic' | 'manual';
    /** Index of the version in use: 0 is the oldest. */
    versionIndex: number;
    /** The identity that reaches the key; the system identity when absent. */
    identity?: Identity;
    lastRotatedDaysAgo?: number;
    stalled?: true;
    identityLostDaysAgo?: number;
  };
}
