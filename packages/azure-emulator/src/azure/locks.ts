import { arm } from '../errors';
import {
  Answer,
  asRecord,
  Call,
  noContent,
  ok,
  optionalString,
  requiredString,
} from '../http';
import { same } from '../ids';
import { Lock } from '../model';
import type { Route } from '../router';
import { covers } from '../rules/access';

const ACTION = 'Microsoft.Authorization/locks';
const ALL = `{scope*}/providers/${ACTION}`;
const ONE = `${ALL}/{name}`;
const scopeOf = ({ params }: Call) => params.scope;
const LEVELS = ['CanNotDelete', 'ReadOnly'] as const;

/** Management locks; their effect is in rules/locks.ts. */
export const lockRoutes: Route[] = [
  {
    service: 'arm',
    method: 'GET',
    path: ALL,
    needs: { kind: 'action', action: `${ACTION}/read`, scope: scopeOf },
    answer: ({ azure, params }) =>
      ok({
        value: azure.store
          .all('locks')
          .filter(
            ({ scope }) =>
              covers(scope, params.scope) || covers(params.scope, scope),
          )
          .map(lockJson),
      }),
  },
  {
    service: 'arm',
    method: 'GET',
    path: ONE,
    needs: { kind: 'action', action: `${ACTION}/read`, scope: scopeOf },
    answer: call => {
      const found = call.azure.store.get('locks', lockId(call));
      if (!found) {
        throw arm.notFound(
          `The lock '${call.params.name}' could not be found.`,
        );
      }
      return ok(lockJson(found));
    },
  },
  {
    service: 'arm',
    method: 'PUT',
    path: ONE,
    needs: { kind: 'action', action: `${ACTION}/write`, scope: scopeOf },
    answer: put,
  },
  {
    service: 'arm',
    method: 'DELETE',
    path: ONE,
    needs: { kind: 'action', action: `${ACTION}/delete`, scope: scopeOf },
    answer: call => {
      const id = lockId(call);
      if (!call.azure.store.get('locks', id)) return noContent();
      call.azure.store.remove('locks', id);
      return { status: 200 };
    },
  },
];

function lockId({ params }: Call): string {
  return `${params.scope}/providers/${ACTION}/${params.name}`;
}

function lockJson(lock: Lock) {
  return {
    id: lock.id,
    name: lock.name,
    type: ACTION,
    properties: {
      level: lock.level,
      ...(lock.notes !== undefined && { notes: lock.notes }),
    },
  };
}

function put(call: Call): Answer {
  const { azure, params, request } = call;
  const desired = asRecord(request.body.properties, 'properties');
  const requested = requiredString(desired.level, 'properties.level');
  const level = LEVELS.find(known => same(known, requested));
  if (!level) {
    throw arm.invalidBody(
      `properties.level must be one of ${LEVELS.join(', ')}`,
    );
  }
  const notes = optionalString(desired.notes, 'properties.notes');
  const id = lockId(call);
  const existed = azure.store.get('locks', id) !== undefined;
  const lock: Lock = {
    id,
    name: params.name,
    scope: params.scope,
    level,
    ...(notes !== undefined && { notes }),
  };
  azure.store.put('locks', lock);
  return { status: existed ? 200 : 201, body: lockJson(lock) };
}
