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
