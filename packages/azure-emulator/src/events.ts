import type { Azure } from './azure';
import { Answer, Call } from './http';
import { covers, keyUri, newGuid, same, vaultUri } from './ids';
import { unixSeconds } from './durations';
import {
  EventSubscription,
  Key,
  KeyVersion,
  PendingChange,
  Registry,
  Vault,
} from './model';

/** An event as its source publishes it. */
export interface AzureEvent {
  id: string;
  /** The resource from which it comes: a vault, or a subscription. */
  source: string;
  subject: string;
  type: string;
  at: number;
  data: object;
  dataVersion: string;
}

type Publish = (event: AzureEvent) => void;
type NewEvent = Omit<AzureEvent, 'id' | 'at'>;

/** Publishes what happens to vaults, keys and resources. Nothing is published as long as nobody listens. */
export class EventSource {
  publish: Publish = () => undefined;

  constructor(private readonly azure: Azure) {
    const { store } = azure;
    store.onChange('keys', (before, after) => {
      if (after && !store.isReplacing && this.anybodyListens) {
        this.keyChanged(before, after);
      }
    });
    store.onChange('vaults', (before, after) => {
      if (before && after && !store.isReplacing && this.anybodyListens) {
        this.vaultChanged(before, after);
      }
    });
    store.onChange('groups', (before, after) => {
      if (before && !after && !store.isReplacing && this.anybodyListens) {
        this.resourceEvent({ path: before.id, method: 'DELETE' }, 'Success');
      }
    });
  }

  /** After a request to ARM has been answered. */
  answered({ request }: Call, { status, headers }: Answer) {
    if (request.service !== 'arm' || request.method === 'GET') return;
    if (request.method === 'HEAD' || !this.anybodyListens) return;
    // The end of the operation is published, not its start; and nothing was deleted by a 204.
    const runs = headers?.['azure-asyncoperation'] || status === 202;
    if (runs || status === 204 || status >= 300) return;
    this.resourceEvent(request, 'Success', request.id);
  }

  /** After the operation on a registry has ended. */
  operationEnded(
    registry: Registry,
    { correlationId }: PendingChange,
    outcome: 'Success' | 'Failure' | 'Cancel',
  ) {
    if (!this.anybodyListens) return;
    this.resourceEvent(
      { path: registry.id, method: 'PUT' },
      outcome,
      correlationId,
    );
  }

  keyEvent(key: Key, version: KeyVersion, name: string) {
    const vault = this.azure.vaultsByName.first(key.vault);
    if (!vault) return;
    const time = (ms: number | undefined) =>
      ms === undefined ? null : unixSeconds(ms);
    this.emit({
      source: vault.id,
      subject: key.name,
      type: `Microsoft.KeyVault.${name}`,
      data: {
        Id: keyUri(vault.name, key.name, version.version),
        VaultName: vault.name,
        ObjectType: 'Key',
        ObjectName: key.name,
        Version: version.version,
        NBF: time(version.notBefore),
        EXP: time(version.expiresAt),
      },
      dataVersion: '1',
    });
  }

  /** Events about the expiry of a version come only when somebody listened before it was created. */
  listenersBefore(vaultName: string, at: number): boolean {
    const vault = this.azure.vaultsByName.first(vaultName);
    return this.azure.store
      .all('eventSubscriptions')
      .some(
        ({ source, createdAt }) =>
          vault && same(source, vault.id) && createdAt <= at,
      );
  }

  private get anybodyListens(): boolean {
    return this.azure.store.count('eventSubscriptions') > 0;
  }

  private keyChanged(before: Key | undefined, after: Key) {
    const known = new Set(before?.versions.map(({ version }) => version));
    for (const version of after.versions) {
      if (!known.has(version.version)) {
        this.keyEvent(after, version, 'KeyNewVersionCreated');
      }
    }
  }

  private vaultChanged(before: Vault, after: Vault) {
    const policies = ({ accessPolicies, enableRbacAuthorization }: Vault) =>
      JSON.stringify([accessPolicies, enableRbacAuthorization]);
    if (after.deleted || policies(before) === policies(after)) return;
    this.emit({
      source: after.id,
      subject: after.name,
      type: 'Microsoft.KeyVault.VaultAccessPolicyChanged',
      data: {
        Id: vaultUri(after.name),
        VaultName: after.name,
        ObjectType: 'Vault',
        ObjectName: after.name,
        Version: null,
        NBF: null,
        EXP: null,
      },
      dataVersion: '1',
    });
  }

  private resourceEvent(
    request: { path: string; method: string },
    outcome: 'Success' | 'Failure' | 'Cancel',
    correlationId: string = newGuid(),
  ) {
    const subscriptionId = /^\/subscriptions\/([^/]+)\//i.exec(
      request.path,
    )?.[1];
    if (!subscriptionId) return;
    const kinds: Record<string, string> = { DELETE: 'Delete', POST: 'Action' };
    const kind = kinds[request.method] ?? 'Write';
    const { provider, operation, resource } = operationOf(request);
    this.emit({
      source: `/subscriptions/${subscriptionId}`,
      subject: resource,
      type: `Microsoft.Resources.Resource${kind}${outcome}`,
      data: {
        authorization: { scope: resource, action: operation, evidence: {} },
        claims: {},
        correlationId,
        resourceProvider: provider,
        resourceUri: resource,
        operationName: operation,
        status: { Success: 'Succeeded', Failure: 'Failed', Cancel: 'Canceled' }[
          outcome
        ],
        subscriptionId,
        tenantId: this.azure.settings.tenantId,
      },
      dataVersion: '2',
    });
  }

  private emit(event: NewEvent) {
    this.publish({ ...event, id: newGuid(), at: this.azure.now() });
  }
}

/** What ARM calls the operation behind a request: the types of its path, and a verb. */
function operationOf({ path, method }: { path: string; method: string }) {
  const isAction = method === 'POST';
  const at = path.toLowerCase().lastIndexOf('/providers/');
  const resource = isAction ? path.replace(/\/[^/]+$/, '') : path;
  if (at < 0) {
    const provider = 'Microsoft.Resources';
    const verb = method === 'DELETE' ? 'delete' : 'write';
    const operation = `${provider}/subscriptions/resourceGroups/${verb}`;
    return { provider, operation, resource };
  }
  const [provider, ...rest] = path.slice(at + '/providers/'.length).split('/');
  const types = rest.filter((_segment, index) => index % 2 === 0);
  const verbs: Record<string, string> = { DELETE: 'delete', POST: 'action' };
  const operation = [provider, ...types, verbs[method] ?? 'write'].join('/');
  return { provider, operation, resource };
}

const RESOURCE_GROUP = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/i;

/** Whether an event subscription wants the event. */
export function wants(
  { source, filter }: EventSubscription,
  event: AzureEvent,
): boolean {
  const isAt =
    same(source, event.source) ||
    (RESOURCE_GROUP.test(source) &&
      event.type.startsWith('Microsoft.Resources.') &&
      covers(source, event.subject));
  const subject = event.subject.toLowerCase();
  return (
    isAt &&
    (!filter.eventTypes || filter.eventTypes.includes(event.type)) &&
    subject.startsWith(filter.subjectBeginsWith.toLowerCase()) &&
    subject.endsWith(filter.subjectEndsWith.toLowerCase()) &&
    filter.advanced.every(each => meets(each, event))
  );
}

function meets(
  {
    operatorType,
    key,
    values,
  }: EventSubscription['filter']['advanced'][number],
  event: AzureEvent,
): boolean {
  const [first, ...rest] = key.split('.');
  const root = {
    data: event.data,
    subject: event.subject,
    eventType: event.type,
  }[first as 'data'] as unknown;
  const value = String(
    rest.reduce<unknown>(
      (of, name) => (of as Record<string, unknown> | undefined)?.[name],
      root,
    ) ?? '',
  ).toLowerCase();
  const any = (test: (text: string) => boolean) =>
    values.some(text => test(text.toLowerCase()));
  switch (operatorType) {
    case 'StringIn':
      return any(text => value === text);
    case 'StringNotIn':
      return !any(text => value === text);
    case 'StringContains':
      return any(text => value.includes(text));
    case 'StringBeginsWith':
      return any(text => value.startsWith(text));
    case 'StringEndsWith':
      return any(text => value.endsWith(text));
    default:
      throw new Error(`No filter ${operatorType}`);
  }
}
