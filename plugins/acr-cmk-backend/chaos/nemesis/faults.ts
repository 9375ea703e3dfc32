import type { FaultSpec } from 'azure-emulator';
import type { Random } from '../random';

/** Requests that are worth disturbing: each kind of write, and what is read around it. */
const REQUESTS: readonly Pick<FaultSpec, 'method' | 'path' | 'host'>[] = [
  { method: 'POST', path: '/keys/*/rotate' },
  { method: 'POST', path: '/keys/*/create' },
  { method: 'PATCH', path: '/\\/keys\\/[^/]+\\/[0-9a-f]+$/' },
  { method: 'DELETE', path: '/keys/*' },
  { method: 'POST', path: '/deletedkeys/*/recover' },
  { method: 'PATCH', path: '*/registries/*' },
  { method: 'PUT', path: '*/registries/*' },
  { method: 'PUT', path: '*/accessPolicies/*' },
  { method: 'PUT', path: '*/roleAssignments/*' },
  { method: 'DELETE', path: '*/roleAssignments/*' },
  { method: 'PUT', path: '*/userAssignedIdentities/*' },
  { method: 'GET', path: '*/registries/*' },
  { method: 'GET', path: '*/versions*' },
  { method: 'GET', path: '*/vaults/*' },
  { method: 'GET', path: '*/operationStatuses/*' },
  { method: 'GET', path: '*/roleAssignments*' },
  { method: 'GET', host: '*.vault.azure.net' },
  { method: 'GET', host: 'management.azure.com' },
  { host: 'login.microsoftonline.com' },
];

const EFFECTS: readonly (readonly [weight: number, effect: FaultSpec])[] = [
  [5, { reset: 'after' }],
  [3, { reset: 'before' }],
  [3, { lostAnswer: true }],
  [1, { endlessBody: true }],
  [3, { status: 500 }],
  [3, { status: 503 }],
  [2, { status: 503, retryAfter: '2' }],
  [2, { status: 429, retryAfter: '3' }],
  [1, { status: 403 }],
  [1, { status: 401 }],
  [1, { status: 409, code: 'Conflict' }],
  [2, { delayMs: 1500 }],
  [1, { delayMs: 6000 }],
  [1, { operation: 'fail' }],
  [1, { operation: 'cancel' }],
];

export function chooseFault(random: Random): FaultSpec {
  return {
    ...random.pick(REQUESTS),
    ...random.weighted(EFFECTS),
    times: random.between(1, 3),
    skip: random.between(0, 1),
  };
}
