import {
  type OperationState,
  type Plan,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type {
  OperationRecord,
  StoredNeed,
} from '../../operations/engine/types';
import { idOf } from './notifierWorld';

/** The parts of an operation that messages are made of. */
export function operationWith(change: {
  id: string;
  state: OperationState;
  intent?: OperationRecord['intent'];
  needs?: StoredNeed[];
  /** Did it write to Azure? Default: yes. */
  wrote?: boolean;
  restoresAt?: number;
  registry?: string;
  entityRef?: string;
}): OperationRecord {
  const { id, state, intent = { kind: 'rotate' } } = change;
  const registry = change.registry ?? 'expiring';
  return {
    id,
    state,
    intent,
    entityRef: change.entityRef ?? 'resource:default/expiring',
    registryId: RegistryId.parse(idOf(registry)),
    requestedBy: 'user:default/olivia',
    reason: 'The yearly rotation',
    plan: {
      registryName: registry,
      summary: `${intent.kind} the key of ${registry}`,
      intent,
    } as Plan,
    approval:
      state === 'awaiting-approval'
        ? { state: 'pending', needs: change.needs ?? [] }
        : undefined,
    result: { message: 'It went as it went' },
    restoresAt: change.restoresAt,
    steps: [{ attempts: change.wrote === false ? 0 : 1 }],
  } as unknown as OperationRecord;
}
