import type { RegistryStateId } from './model';

/**
 * Every state of a registry, worst first: the order in which lists show them.
 *
 * @public
 */
export const registryStateIds = [
  'revoked',
  'unreachable',
  'expired',
  'last-change-failed',
  'pinned-key-trap',
  'behind',
  'at-risk',
  'unknown',
  'converging',
  'behind-shared-key',
  'behind-manual',
  'behind-by-choice',
  'current',
  'no-cmk',
] as const satisfies readonly RegistryStateId[];

/**
 * States of registries that cannot reach their key, or whose version in use has expired. No other state wins over them.
 *
 * @public
 */
export const lostStateIds = [
  'unreachable',
  'revoked',
  'expired',
] as const satisfies readonly RegistryStateId[];
