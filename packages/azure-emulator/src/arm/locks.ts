import { arm } from '../errors';
import { same } from '../state/ids';
import { Lock } from '../state/model';
import { covers } from '../state/ids';
import { systemDataJson } from './systemData';
import type { Answer, Call, Route } from '../types';
import {
  asRecord,
  optionalArray,
  optionalString,
  requiredString,
} from '../http/body';
import { ok } from '../http/answers';
import { needsAction, routesOf } from '../http/route';

const route = routesOf('arm');

const ACTION = 'Microsoft.Authorization/locks';
const ALL = `{scope*}/providers/${ACTION}`;
const ONE = `${ALL}/{name}`;
const scopeOf = ({ params }: Call) => params.scope;
const LEVELS = ['CanNotDelete', 'ReadOnly'] as const;

/** Management locks; their effect is in rules/locks.ts. */
export const lockRoutes: Route[] = [
  route(`GET ${ALL}`, needsAction(`${ACTION}/read`, scopeOf), list),
  route(`PUT ${ONE}`, needsAction(`${ACTION}/write`, scopeOf), put),
];

function lockId({ params }: Call): string {
  return `${params.scope}/providers/${ACTION}/${params.name}`;
}

function lockJson(lock: Lock) {
  const { notes, owners } = lock;
  return {
    id: lock.id,
    name: lock.name,
    type: ACTION,
    properties: {
      level: lock.level,
      ...(notes !== undefined && { notes }),
      ...(owners && {
        owners: owners.map(applicationId => ({ applicationId })),
      }),
    },
    systemData: systemDataJson(lock),
  };
}

/** Without a filter: at the scope, above it and below it. `atScope()` leaves out what is below. */
function list({ azure, params, request }: Call): Answer {
  const filter = request.query.get('$filter')?.trim();
  if (filter && !same(filter, 'atScope()')) {
    throw arm.invalidFilter(filter);
  }
  const found = azure.store
    .all('locks')
    .filter(
      ({ scope }) =>
        covers(scope, params.scope) || (!filter && covers(params.scope, scope)),
    );
  return ok({ value: found.map(lockJson) });
}

function put(call: Call): Answer {
  const { azure, params, request, caller } = call;
  const desired = asRecord(request.body.properties, 'properties');
  const requested = requiredString(desired.level, 'properties.level');
  const level = LEVELS.find(known => same(known, requested));
  if (!level) {
    throw arm.invalidBody(
      `properties.level must be one of ${LEVELS.join(', ')}`,
    );
  }
  const notes = optionalString(desired.notes, 'properties.notes');
  const owners = optionalArray(desired.owners, 'properties.owners')?.map(
    owner =>
      requiredString(
        asRecord(owner, 'properties.owners').applicationId,
        'properties.owners.applicationId',
      ),
  );
  const id = lockId(call);
  const before = azure.store.get('locks', id);
  const now = azure.now();
  const lock: Lock = {
    id,
    name: params.name,
    scope: params.scope,
    level,
    ...(notes !== undefined && { notes }),
    ...(owners?.length && { owners }),
    createdAt: before?.createdAt ?? now,
    createdBy: before?.createdBy ?? caller.id,
    modifiedAt: now,
    modifiedBy: caller.id,
  };
  azure.store.put('locks', lock);
  return { status: before ? 200 : 201, body: lockJson(lock) };
}
