import type { FaultSpec } from 'azure-emulator';
import type { Random } from '../random';

type Requests = Pick<FaultSpec, 'method' | 'path' | 'host'>;

/** Requests that are worth disturbing: each kind of write, and what is read around it. */
const REQUESTS: readonly (readonly [weight: number, requests: Requests])[] = [
  [8, { method: 'POST', path: '/keys/*/rotate' }],
  [2, { method: 'POST', path: '/keys/*/create' }],
  [4, { method: 'PATCH', path: '/\\/keys\\/[^/]+\\/[0-9a-f]+$/' }],
  [2, { method: 'DELETE', path: '/keys/*' }],
  [2, { method: 'POST', path: '/deletedkeys/*/recover' }],
  [6, { method: 'PATCH', path: '*/registries/*' }],
  [1, { method: 'PUT', path: '*/registries/*' }],
  [2, { method: 'PUT', path: '*/accessPolicies/*' }],
  [2, { method: 'PUT', path: '*/roleAssignments/*' }],
  [2, { method: 'DELETE', path: '*/roleAssignments/*' }],
  [1, { method: 'PUT', path: '*/userAssignedIdentities/*' }],
  [2, { method: 'GET', path: '*/registries/*' }],
  [2, { method: 'GET', path: '*/versions*' }],
  [1, { method: 'GET', path: '*/vaults/*' }],
  [2, { method: 'GET', path: '*/operationStatuses/*' }],
  [1, { method: 'GET', path: '*/roleAssignments*' }],
  [1, { method: 'GET', host: '*.vault.azure.net' }],
  [1, { method: 'GET', host: 'management.azure.com' }],
  [2, { host: 'login.microsoftonline.com' }],
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
    ...random.weighted(REQUESTS),
    ...random.weighted(EFFECTS),
    times: random.between(1, 3),
    skip: random.between(0, 1),
  };
}
