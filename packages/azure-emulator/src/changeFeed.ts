import { AsyncLocalStorage } from 'node:async_hooks';
import type { Azure } from './azure';
import { identityJson } from './azure/identities';
import { registryJson } from './azure/registryJson';
import { vaultJson } from './azure/vaultJson';
import { seconds } from './durations';
import { newGuid, TYPES } from './ids';
import { Change, ChangedBy, Group, Resource, Tables } from './model';
import {
  RESOURCE_CHANGE_VALUE_LENGTH,
  RESOURCE_CHANGES_KEPT_MS,
} from './assumptions';

/** The requests that are being answered: who changes something, and with which client. */
const requests = new AsyncLocalStorage<ChangedBy>();

export const asChangeBy = <T>(who: ChangedBy, run: () => T): T =>
  requests.run(who, run);

/** Who is behind the present request; undefined for what happens as time passes. */
export const changedByRequest = (): ChangedBy | undefined =>
  requests.getStore();

type Columns = Record<string, unknown>;

/**
 * Records what changed in resources, as Resource Graph does: it compares a resource with what it was
 * before. What has no difference is no change, and an operation that runs has changed nothing yet.
 */
export class ChangeFeed {
  constructor(private readonly azure: Azure) {
    this.watch('registries', TYPES.registry, doc =>
      doc.change?.kind === 'Creating'
        ? undefined
        : columnsOf(doc, registryJson(azure, { ...doc, change: undefined })),
    );
    this.watch('vaults', TYPES.vault, doc =>
      doc.deleted ? undefined : columnsOf(doc, vaultJson(azure, doc)),
    );
    this.watch('identities', TYPES.identity, doc =>
      columnsOf(doc, identityJson(azure, doc)),
    );
    this.watch(
      'groups',
      'Microsoft.Resources/subscriptions/resourceGroups',
      ({ tags, location }: Group) => ({ tags, location }),
    );
  }

  /** The changes that are visible by now, oldest first. */
  visible(): Change[] {
    const now = this.azure.now();
    const delay = seconds(this.azure.assumptions.resourceChangesDelaySeconds);
    return this.azure.store
      .all('changes')
      .filter(
        ({ at }) => at + delay <= now && at + RESOURCE_CHANGES_KEPT_MS > now,
      );
  }

  private watch<T extends 'registries' | 'vaults' | 'identities' | 'groups'>(
    table: T,
    type: string,
    shown: (doc: Tables[T]) => Columns | undefined,
  ) {
    const { store } = this.azure;
    store.onChange(table, (before, after) => {
      if (store.isReplacing) return;
      const was = before && shown(before);
      const is = after && shown(after);
      if (!was && !is) return;
      this.record(type, (after ?? before)!, {
        kind: kindOf(was, is),
        values: was && is && differences(was, is),
      });
    });
  }

  private record(
    type: string,
    doc: Resource | Group,
    { kind, values }: Pick<Change, 'kind'> & Partial<Pick<Change, 'values'>>,
  ) {
    if (values && !Object.keys(values).length) return;
    const { azure } = this;
    const at = this.timeOf(doc);
    if (at === undefined) return;
    this.deleteOld();
    azure.store.put('changes', {
      id: newGuid(),
      resourceId: doc.id,
      subscriptionId: doc.subscriptionId,
      group: 'group' in doc ? doc.group : doc.name,
      type,
      at,
      kind,
      by: this.changedBy(doc),
      values: values ?? {},
    });
  }

  /** When Resource Graph notices; undefined when it does not. */
  private timeOf(doc: Resource | Group): number | undefined {
    const { resourceGraphFollowDelaySeconds: delay } = this.azure.assumptions;
    const now = this.azure.now();
    if (!followedNow(doc, now)) return now;
    return delay === null ? undefined : now + seconds(delay);
  }

  private changedBy(doc: Resource | Group): ChangedBy | undefined {
    const now = this.azure.now();
    if (followedNow(doc, now)) return undefined;
    return 'changedBy' in doc
      ? (doc.changedBy as ChangedBy)
      : changedByRequest();
  }

  private deleteOld() {
    const { store } = this.azure;
    const tooOld = this.azure.now() - RESOURCE_CHANGES_KEPT_MS;
    for (;;) {
      const oldest = store.oldest('changes');
      if (!oldest || oldest.at > tooOld) return;
      store.remove('changes', oldest.id);
    }
  }
}

function kindOf(was?: Columns, is?: Columns): Change['kind'] {
  if (!was) return 'Create';
  return is ? 'Update' : 'Delete';
}

/** Whether this change is that an automatic registry followed its key. */
function followedNow(doc: Resource | Group, now: number): boolean {
  const { encryption, change } = doc as Partial<Tables['registries']>;
  return Boolean(
    !change && encryption?.beforeFollow && encryption.lastRotatedAt === now,
  );
}

/** The columns whose changes Resource Graph records. */
function columnsOf(
  { tags, location }: Resource,
  json: { properties: object; sku?: object; identity?: object | null },
): Columns {
  const { sku, identity, properties } = json;
  return { tags, location, sku, identity, properties };
}

/** The values that differ, by their paths such as `properties.encryption.status`. */
function differences(before: Columns, after: Columns): Change['values'] {
  const was = flatten(before);
  const is = flatten(after);
  const changed = [...new Set([...was.keys(), ...is.keys()])].filter(
    path => was.get(path) !== is.get(path),
  );
  return Object.fromEntries(
    changed.map(path => [path, { before: was.get(path), after: is.get(path) }]),
  );
}

function flatten(
  value: unknown,
  path = '',
  into = new Map<string, string>(),
): Map<string, string> {
  if (value === undefined || value === null) return into;
  if (typeof value !== 'object') return into.set(path, String(value));
  for (const [name, inner] of Object.entries(value)) {
    const isIndex = Array.isArray(value);
    flatten(
      inner,
      isIndex ? `${path}[${name}]` : `${path}${path && '.'}${name}`,
      into,
    );
  }
  return into;
}

/** A row of `resourcechanges`: long values are cut, and say so. */
export function changeProperties(change: Change) {
  const { kind, values, by } = change;
  const shown = Object.entries(values).map(([path, { before, after }]) => {
    const isTruncated = [before, after].some(
      value => (value ?? '').length > RESOURCE_CHANGE_VALUE_LENGTH,
    );
    return [
      path,
      {
        ...(before !== undefined && { previousValue: cut(before) }),
        ...(after !== undefined && { newValue: cut(after) }),
        ...(isTruncated && { isTruncated: 'true' }),
      },
    ];
  });
  return {
    targetResourceId: change.resourceId,
    targetResourceType: change.type.toLowerCase(),
    changeType: kind,
    changeAttributes: {
      previousResourceSnapshotId: `${change.id}_0`,
      newResourceSnapshotId: `${change.id}_1`,
      correlationId:
        by?.correlationId ?? '00000000-0000-0000-0000-000000000000',
      changedByType: by ? 'Application' : 'System',
      changedBy: by?.appId ?? 'System',
      changesCount: shown.length,
      clientType: by?.client ?? 'Unknown',
      ...(by && {
        operation: `${change.type.toLowerCase()}/${
          kind === 'Delete' ? 'delete' : 'write'
        }`,
      }),
      timestamp: new Date(change.at).toISOString().replace('Z', '+00:00'),
    },
    ...(kind === 'Update' && { changes: Object.fromEntries(shown) }),
  };
}

function cut(value: string): string {
  return value.slice(0, RESOURCE_CHANGE_VALUE_LENGTH);
}
