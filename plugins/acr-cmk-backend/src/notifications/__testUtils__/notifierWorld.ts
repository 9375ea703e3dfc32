/** A few registries with owners, a portal that takes notifications, and a process that can be killed. */
import type { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import {
  type KeyFacts,
  KeyIdentifier,
  RegistryId,
  type VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { SUBSCRIPTION } from '../../__testUtils__/demoWorld';
import {
  ahead,
  bundleWith,
  OLD,
  version,
} from '../../__testUtils__/encryptedRegistries';
import type { Bindings } from '../../catalog/binding';
import { OperationQueries } from '../../engine/OperationQueries';
import { AuditLog } from '../../platform/audit/AuditLog';
import type { Approvers, NotificationsConfig } from '../../platform/config';
import { Judge } from '../../inventory/Judge';
import { InventoryRows } from '../../inventory/rows';
import type { OperationRecord } from '../../engine/types';
import { Notifier } from '../Notifier';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

export const SHOP = 'group:default/team-shop';
export const PAYMENTS = 'group:default/team-payments';
export const PLATFORM = 'group:default/platform-team';

export const EVERYTHING: NotificationsConfig = {
  platform: [PLATFORM],
};

export const idOf = (name: string) =>
  `/subscriptions/${SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.ContainerRegistry/registries/${name}`;

/** One registry with a key in a vault. */
export interface Given {
  name: string;
  /** Default: nobody. */
  owner?: string;
  /** Only the entity says that it belongs to the owner; the registry's tag names none. */
  unlinked?: true;
  mode?: 'automatic' | 'manual';
  expires?: string;
  /** A version that it does not use, and when it was made. */
  newerSince?: string;
  rotatesByPolicy?: boolean;
  firewall?: 'closed';
  detached?: true;
  /** Its key is deleted, or the version in use is disabled. */
  key?: 'deleted' | 'disabled';
  /** Its identity has no access policy. */
  noAccess?: true;
  /** Vault that it shares with others, and the key in it. Default: a vault of its own. */
  vault?: string;
}

export const FLEET: readonly Given[] = [
  { name: 'expiring', owner: SHOP, expires: ahead({ days: 8 }) },
  { name: 'expired', owner: SHOP, expires: ahead({ days: -1 }) },
  { name: 'trapped', owner: SHOP, mode: 'manual', rotatesByPolicy: true },
  { name: 'walled', owner: PAYMENTS, firewall: 'closed' },
  { name: 'detached', owner: PAYMENTS, detached: true },
  { name: 'unowned', expires: ahead({ days: 20 }) },
  { name: 'healthy', owner: SHOP },
];

/** Everything in scope was listed, and so many entities of the catalog. */
export async function listed(
  db: Knex,
  now: number,
  entities = 6,
): Promise<void> {
  const { links, listings } = new InventoryRows(db, { now: async () => now });
  await links.swept({ items: entities, startedAt: now });
  await listings.keep('registries', SUBSCRIPTION, {
    items: 0,
    readAt: now,
    azureAt: now,
  });
}

/** Keeps what Azure would say of them at this moment, and judges them. */
export async function keep(
  db: Knex,
  registries: readonly Given[],
  now: number,
): Promise<void> {
  const clock = { now: async () => now };
  const rows = new InventoryRows(db, clock);
  const reading = { readAt: now, azureAt: now };
  const facts = registries.map(given => factsOf(given));
  await rows.registries.keep(
    facts.map(({ registry }) => registry),
    reading,
  );
  // Registries may share a vault.
  const vaults = new Map(facts.map(({ vault }) => [vault.id, vault]));
  await rows.vaults.keep([...vaults.values()], reading);
  const keys = new Map(facts.map(({ key }) => [key.vaultName, key]));
  await rows.keys.keep([...keys.values()], reading);
  for (const given of registries) {
    if (given.key === 'deleted') await deleteKey(rows, given, now);
  }
  await rows.links.keep(
    registries.flatMap(({ name, owner }) =>
      owner
        ? [
            {
              entityRef: `resource:default/${name}`,
              owner,
              registries: [RegistryId.parse(idOf(name))],
            },
          ]
        : [],
    ),
    now,
  );
  await judge(db, now);
}

const vaultOf = ({ name, vault }: Given) => vault ?? `kv-${name}`;

const keyUriOf = (given: Given) =>
  `https://${vaultOf(given)}.vault.azure.net/keys/key`;

async function deleteKey(rows: InventoryRows, given: Given, now: number) {
  const key = KeyIdentifier.parse(keyUriOf(given));
  await rows.keys.keepProblem(
    key,
    { kind: 'not-found', code: 'KeyNotFound', message: 'It is gone' },
    now,
  );
  await rows.facts
    .of({ kind: 'deleted-key', subject: key.keyOfKey })
    .keep(
      { deletedAt: ahead({}), scheduledPurgeAt: ahead({ days: 90 }) },
      { readAt: now, azureAt: now },
    );
}

export const judgeOf = (db: Knex, now: number) =>
  new Judge({
    db,
    clock: { now: async () => now },
    subscriptions: [SUBSCRIPTION],
    changesOf: async () => new Map(),
  });

export async function judge(db: Knex, now: number): Promise<void> {
  await judgeOf(db, now).judgeDue();
}

function factsOf(given: Given) {
  const bundle = bundleWith({ mode: given.mode });
  const { registry } = bundle;
  const home = vaultOf(given);
  const uri = keyUriOf(given);
  const vault = (bundle.vault as { value: VaultFacts }).value;
  const key = (bundle.key as { value: KeyFacts }).value;
  const inUse = version(OLD, {
    ...(given.expires && { expires: given.expires }),
    ...(given.key === 'disabled' && { enabled: false }),
  });
  return {
    registry: {
      ...registry,
      id: idOf(given.name),
      name: given.name,
      tags:
        given.owner && !given.unlinked
          ? { 'backstage-entity-ref': `resource:default/${given.name}` }
          : {},
      encryption: {
        ...registry.encryption,
        keyIdentifier: given.mode === 'manual' ? `${uri}/${OLD}` : uri,
        versionedKeyIdentifier: `${uri}/${OLD}`,
      },
      ...(given.detached && { userAssignedIdentities: [] }),
    } as never,
    vault: {
      ...vault,
      id: vault.id.replace(/kv1$/, home),
      name: home,
      ...(given.noAccess && { accessPolicies: [] }),
      ...(given.firewall === 'closed' && {
        defaultAction: 'deny' as const,
        trustedServicesBypass: false,
      }),
    },
    key: {
      ...key,
      vaultName: home,
      name: 'key',
      rotatesByPolicy: given.rotatesByPolicy ?? given.mode !== 'manual',
      versions: given.newerSince
        ? [version('c'.repeat(32), { created: given.newerSince }), inUse]
        : [inUse],
    },
  };
}

/** One notification as a portal keeps it: one for each recipient and scope. */
export interface Shown {
  recipient: string;
  excluded?: string;
  title: string;
  description: string;
  topic?: string;
  link?: string;
  /** Number of times it was sent. */
  sent: number;
}

/** Backstage's notifications, which outlive the process that sends. */
export class PortalNotifications {
  readonly #kept = new Map<string, Shown>();
  /** Recipients that are refused. */
  readonly refused = new Set<string>();
  isAway = false;
  calls = 0;

  async send({ recipients, payload }: NotificationSendOptions): Promise<void> {
    this.calls += 1;
    if (recipients.type !== 'entity') throw new Error('To nobody');
    const recipient = String(recipients.entityRef);
    if (this.isAway || this.refused.has(recipient)) {
      throw new Error('Request failed with status 404');
    }
    const { title, description = '', topic, link, scope } = payload;
    const name = `${recipient} ${scope}`;
    this.#kept.set(name, {
      recipient,
      ...(recipients.excludeEntityRef && {
        excluded: String(recipients.excludeEntityRef),
      }),
      title,
      description,
      topic,
      link,
      sent: (this.#kept.get(name)?.sent ?? 0) + 1,
    });
  }

  get shown(): Shown[] {
    return [...this.#kept.values()];
  }

  to(recipient: string): Shown[] {
    return this.shown.filter(each => each.recipient === recipient);
  }

  /** Reported conditions by recipient and registry, however messages were combined. */
  get reported(): string[] {
    return this.shown
      .flatMap(({ recipient, title, description }) =>
        /^\d+ registr/.test(description)
          ? description
              .split('. ')
              .filter(line => /^\d+ registr/.test(line))
              .flatMap(line =>
                reportedIn(line).map(each => `${recipient} ${each}`),
              )
          : [`${recipient} ${title}`],
      )
      .sort();
  }
}

const PHRASES = [
  'expires within 30 days',
  'expires within 7 days',
  'expires within 1 day',
  'has expired',
  'followed a new version',
  'pinned to one version',
  'is not attached',
  'firewall keeps the registry',
  'to the key is known',
  'can use its key in full again',
];

function reportedIn(line: string): string[] {
  const phrase = PHRASES.find(each => line.includes(each));
  const named = line.slice(line.lastIndexOf(': ') + 2).replace(/\.$/, '');
  return named
    .replace(/ \(\d+ \w+ \d{4}\)/g, '')
    .split(', ')
    .map(name => `${name} ${phrase}`);
}

/** A process that sends notifications, over a database that outlives it. */
export function startNotifier(options: {
  db: Knex;
  portal: Pick<PortalNotifications, 'send'>;
  /** The database's clock. */
  now: () => number;
  config?: NotificationsConfig;
  approvers?: Approvers;
  bindings?: Bindings;
  operations?: readonly OperationRecord[];
  log?: string[];
  /** Names of people in the catalog, or that it does not answer. */
  names?: ReadonlyMap<string, string> | 'no answer';
}): Notifier {
  const { db, portal, now, operations = [] } = options;
  const clock = { now: async () => now() };
  const log = (message: string) => options.log?.push(message);
  return new Notifier({
    db,
    clock,
    config: {
      approvers: options.approvers ?? new Map(),
      bindings: options.bindings ?? new Map(),
      scopes: [{ subscriptionId: SUBSCRIPTION }],
    },
    limits: { digestEveryMs: HOUR_MS },
    audit: new AuditLog({ db, clock }),
    notifications: portal,
    sleep: (_ms: number, signal: AbortSignal) =>
      new Promise<void>(resolve =>
        signal.addEventListener('abort', () => resolve()),
      ),
    logger: { warn: log, info: log },
    ...(options.config ?? EVERYTHING),
    subscriptions: [SUBSCRIPTION],
    operations: {
      get: async id => operations.find(each => each.id === id),
      revokesBehind: registries =>
        new OperationQueries({ db, clock }).revokesBehind(registries),
    },
    judge: judgeOf(db, now()),
    namesOf: async refs => {
      const { names = new Map() } = options;
      if (names === 'no answer') throw new Error('The catalog is away');
      return new Map([...names].filter(([ref]) => refs.includes(ref)));
    },
  });
}

export class ProcessDied extends Error {}

/**
 * Kills a process before one of its statements. One that is killed inside of a transaction leaves nothing
 * of it, as with a connection that is lost.
 */
export class Killer {
  statements = 0;
  diesBefore = Infinity;
  /** Number of statements and transactions begun. */
  beginnings = 0;
  /** Called before each of those, while nothing is held. */
  between?: (beginning: number) => Promise<void>;
  readonly release: () => void;

  constructor(db: Knex) {
    // A transaction has a client of its own, made of the prototype, with the same configuration.
    const { prototype } = db.client.constructor;
    const { query } = prototype;
    const before = (sent: any) => this.#before(sent);
    prototype.query = async function killed(connection: unknown, sent: any) {
      if (this.config === db.client.config) before(sent);
      return query.call(this, connection, sent);
    };
    const { client } = db;
    const acquire = client.acquireConnection.bind(client);
    client.acquireConnection = async () => {
      this.beginnings += 1;
      const { between } = this;
      // What the other one does is not interrupted again.
      this.between = undefined;
      await between?.(this.beginnings);
      this.between = between;
      return acquire();
    };
    this.release = () => {
      prototype.query = query;
    };
  }

  #before(sent: any): void {
    const sql: string = sent.sql ?? sent;
    if (/^\s*(begin|commit|rollback|set local)/i.test(sql)) return;
    if (this.statements >= this.diesBefore) {
      throw new ProcessDied('The process has died');
    }
    this.statements += 1;
  }
}
