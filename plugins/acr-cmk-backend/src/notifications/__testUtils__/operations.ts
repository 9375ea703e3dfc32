import {
  type OperationState,
  type Plan,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import type { Effect } from '../../domain/effects';
import type { OperationRecord, StoredNeed } from '../../engine/types';
import { idOf } from './notifierWorld';

const effectsOn = (
  kind: 'registry-loses-key' | 'registry-regains-key',
  names: readonly string[] = [],
): Effect[] =>
  names.map(name => ({
    kind,
    registryId: RegistryId.parse(idOf(name)).key,
    key: 'kv/key',
  }));

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
  /** Registries that lose their key by it. */
  losers?: readonly string[];
  /** Registries that get their key back by it. */
  gainers?: readonly string[];
  checks?: Plan['checks'];
  effects?: readonly Effect[];
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
      checks: change.checks ?? [],
    } as Plan,
    approval:
      state === 'awaiting-approval'
        ? { state: 'pending', needs: change.needs ?? [] }
        : undefined,
    result: { message: 'It went as it went' },
    restoresAt: change.restoresAt,
    effects: [
      ...effectsOn('registry-loses-key', change.losers),
      ...effectsOn('registry-regains-key', change.gainers),
      ...(change.effects ?? []),
    ],
    steps: [{ attempts: change.wrote === false ? 0 : 1 }],
  } as unknown as OperationRecord;
}
