import {
  DEFAULT_NAMESPACE,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import type {
  AutomaticRotationIntent,
  CreateRegistryIntent,
  Intent,
  PlanRequest,
  RevokeIntent,
} from 'backstage-plugin-acr-cmk-common';
import { textAt, valueAt } from './form';

/** `ui:options` of `AcrCmkPlan`. */
export interface PlanOptions {
  /** Kind of operation that the template requests. */
  intent?: Exclude<Intent['kind'], 'retire'>;
  /**
   * Paths of values that the form does not have under their own names, such as `{ entityName: 'component.name'
   * }`.
   */
  values?: Partial<Record<ValueName, string>>;
}

/** Names of form values that a plan may need. */
type ValueName =
  | 'registry'
  | 'entityName'
  | 'name'
  | 'resourceGroupId'
  | 'location'
  | 'identity'
  | 'key'
  | 'method'
  | 'others'
  | 'restoreAfterMinutes'
  | 'days'
  | 'expiry';

/** Plan request for the form; undefined while something is missing. */
export function planRequestOf(
  form: unknown,
  { intent, values = {} }: PlanOptions,
): PlanRequest | undefined {
  const answers: Answers = {
    text: name => textAt(form, values[name] ?? name),
    value: name => valueAt(form, values[name] ?? name),
  };
  switch (intent) {
    case 'create-registry':
      return creation(answers);
    case 'rotate':
    case 'restore':
      return ofRegistry(answers, { kind: intent });
    case 'revoke':
      return ofRegistry(answers, revoke(answers));
    case 'automatic-rotation':
      return ofRegistry(answers, automaticRotation(answers));
    default:
      throw new Error(
        `ui:options.intent of AcrCmkPlan is ${intent}; it must be create-registry, rotate, automatic-rotation, revoke or restore`,
      );
  }
}

/**
 * May other registries lose their key by a revoke? Where the form asks that, only its `accept` is a yes.
 */
export function sparesOthers(
  form: unknown,
  { intent, values = {} }: PlanOptions,
): boolean {
  const others = textAt(form, values.others ?? 'others');
  return intent === 'revoke' && others !== undefined && others !== 'accept';
}

interface Answers {
  text(name: ValueName): string | undefined;
  value(name: ValueName): unknown;
}

function ofRegistry(
  { value }: Answers,
  intent: Intent | undefined,
): PlanRequest | undefined {
  const registry = value('registry');
  const entityRef = textAt(registry, 'entityRef');
  const registryId = textAt(registry, 'registryId');
  return intent && entityRef && registryId
    ? { entityRef, registryId, intent }
    : undefined;
}

function revoke({ text, value }: Answers): RevokeIntent {
  const method = text('method');
  const minutes = value('restoreAfterMinutes');
  return {
    kind: 'revoke',
    // The form's word for what the backend recommends.
    ...(method &&
      method !== 'fewest' && { method: method as RevokeIntent['method'] }),
    ...(typeof minutes === 'number' && { restoreAfterMinutes: minutes }),
  };
}

/** Intent of the sample template: notice is given 30 days before a version expires. */
function automaticRotation({
  text,
  value,
}: Answers): AutomaticRotationIntent | undefined {
  const days = value('days');
  const expiry = text('expiry');
  if (typeof days !== 'number') return undefined;
  return {
    kind: 'automatic-rotation',
    rotation: {
      kind: 'on',
      policy: {
        timeAfterCreate: `P${days}D`,
        ...(expiry &&
          expiry !== 'never' && {
            expiryTime: expiry,
            notifyBeforeExpiry: 'P30D',
          }),
      },
    },
  };
}

function creation({ text, value }: Answers): PlanRequest | undefined {
  const entityName = text('entityName');
  const name = text('name');
  const group = text('resourceGroupId');
  const location = text('location');
  const key = keyOf(value('key'));
  if (!entityName || !name || !group || !location || !key) return undefined;
  const identity = text('identity');
  const days = valueAt(value('key'), 'rotateEveryDays');
  return {
    entityRef: stringifyEntityRef(
      parseEntityRef(entityName, {
        defaultKind: 'Resource',
        defaultNamespace: DEFAULT_NAMESPACE,
      }),
    ),
    registryId: `${group}/providers/Microsoft.ContainerRegistry/registries/${name}`,
    intent: {
      kind: 'create-registry',
      location,
      identity: identity
        ? { name: identity }
        : { name: `id-${name}`, create: true },
      key,
      ...(key.kind === 'new-key' &&
        typeof days === 'number' && { rotateEveryDays: days }),
    },
  };
}

function keyOf(key: unknown): CreateRegistryIntent['key'] | undefined {
  if (textAt(key, 'kind') === 'existing') {
    const keyIdentifier = textAt(key, 'identifier');
    return keyIdentifier ? { kind: 'existing', keyIdentifier } : undefined;
  }
  const vaultName = textAt(key, 'vaultName');
  const keyName = textAt(key, 'name');
  if (!vaultName || !keyName) return undefined;
  const mode = textAt(key, 'mode') === 'manual' ? 'manual' : 'automatic';
  return { kind: 'new-key', vaultName, keyName, mode };
}
