import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type AzureCloudName,
  type AzureProblem,
  type FleetFilter,
  type FleetKey,
  type FleetKeys,
  type FleetKeyVersion,
  type KeyFacts,
  type RegistryFacts,
  type KeyVersionFacts,
  vaultHostOf,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { z } from 'zod/v4';
import { latestVersion } from '../../domain/encryptedRegistry';
import { isoTime } from '../../platform/database/clock';
import type { KeyRow } from '../../platform/database/tables';
import { isThere } from '../../inventory/rows/FactTable';
import { toRegistry } from '../../inventory/rows/toRegistry';
import { yieldToEventLoop } from '../../platform/time/yieldToEventLoop';
import { type FleetQuery, type FleetReader, selectionOf } from './FleetReader';
import type { FleetRows, Selection } from './FleetRows';
import { CursorText, decode, encode } from '../../platform/cursor';
import { ownersSeen } from './holders';
import { type KeyUser, retirementOf, usesVersion } from './retirement';
import type { VisibleScope } from './VisibleScope';
import type { FleetCache } from './FleetCache';
import type { VisibleEntities } from './VisibleEntities';
import { batchesOf } from '../../platform/database/batches';
import { optionalNumber } from '../../platform/database/results';

/** Versions of a key that are shown beside those in use. */
const MAX_VERSIONS = 50;
const MAX_HOLDERS = 20;
/** Keys whose facts are in memory at once. */
const AT_ONCE = 100;

const Cursor = z.tuple([CursorText, CursorText]);

/** A key, by its columns in `registries`. Lower case. */
interface KeyPlace {
  vault_host: string;
  key_name: string;
}

const nameOf = ({ vault_host, key_name }: KeyPlace) =>
  `${vault_host}/${key_name}`;

const pairsOf = (places: readonly KeyPlace[]) =>
  places.map(({ vault_host, key_name }) => [vault_host, key_name]);

const PLACE = ['registries.vault_host', 'registries.key_name'];

/** Keys that are asked for. */
export interface KeysRequest {
  filter: FleetFilter;
  /** Only those that have a version which no registry uses. */
  unused?: boolean;
  cursor?: string;
  limit: number;
}

interface Deps {
  db: Knex;
  reader: FleetReader;
  rows: FleetRows;
  cache: FleetCache;
  visible: VisibleEntities;
  /** Cloud that the keys are in. */
  cloud: AzureCloudName;
  /** Whether all registries of the scopes are known. */
  allListed: () => Promise<boolean>;
}

/** Keys of the fleet, with the users of each version, and the versions that no registry uses. */
export class FleetKeysReader {
  readonly #deps: Deps;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** One page, by vault and name. */
  async list(
    { filter, unused, cursor, limit }: KeysRequest,
    credentials: BackstageCredentials,
  ): Promise<FleetKeys> {
    const after = cursor === undefined ? undefined : decode(cursor, Cursor);
    const { query, places } = await this.#keys({ filter, unused }, credentials);
    const rest = after
      ? places.filter(place => nameOf(place) > after.join('/'))
      : places;
    const page = rest.slice(0, limit);
    const last = page[page.length - 1];
    return {
      items: await this.#present(page, query),
      total: places.length,
      ...(rest.length > limit && {
        nextCursor: encode([last.vault_host, last.key_name]),
      }),
      searchIncomplete: query.resolved.searchIncomplete,
    };
  }

  /** All of them, by vault and name, some at a time. */
  async *all(
    request: Omit<KeysRequest, 'cursor' | 'limit'>,
    credentials: BackstageCredentials,
  ): AsyncGenerator<FleetKey[]> {
    const { query, places } = await this.#keys(request, credentials);
    for (const some of batchesOf(places, AT_ONCE)) {
      yield await this.#present(some, query);
    }
  }

  /** Places of the keys that a request is about, in order. */
  async #keys(
    { filter, unused = false }: Pick<KeysRequest, 'filter' | 'unused'>,
    credentials: BackstageCredentials,
  ): Promise<{ query: FleetQuery; places: readonly KeyPlace[] }> {
    const { reader, cache, allListed } = this.#deps;
    const query = await reader.query(filter, credentials);
    const selection = selectionOf(query);
    const all = () => this.#inOrder(selection);
    if (!unused) {
      return {
        query,
        places: await cache.answer(['keys', selection], all),
      };
    }
    // While others may use a key, none of its versions counts as unused.
    if (!(await allListed())) return { query, places: [] };
    const places = await cache.answer(['unused keys', selection], async () =>
      this.#withUnused(await all()),
    );
    return { query, places };
  }

  /** Keys that registries use, by vault and name. */
  async #inOrder(selection: Selection): Promise<KeyPlace[]> {
    const places: KeyPlace[] = await this.#deps.rows
      .matching(selection)
      .whereNotNull('registries.vault_host')
      .distinct(PLACE);
    return places.sort((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  /** Selects the keys that have a version which no registry uses. */
  async #withUnused(places: readonly KeyPlace[]): Promise<KeyPlace[]> {
    const found: KeyPlace[] = [];
    for (const some of batchesOf(places, AT_ONCE)) {
      const [keys, users] = await Promise.all([
        this.#rowsOf(some),
        this.#users(some),
      ]);
      found.push(
        ...some.filter(place =>
          toFleetKey(place, {
            row: keys.get(nameOf(place)),
            users: users.get(nameOf(place)) ?? [],
            complete: true,
            cloud: this.#deps.cloud,
          }).versions.some(({ retirement }) => retirement?.answer === 'unused'),
        ),
      );
      await yieldToEventLoop();
    }
    return found;
  }

  async #present(
    places: readonly KeyPlace[],
    query: FleetQuery,
  ): Promise<FleetKey[]> {
    if (places.length === 0) return [];
    const [keys, users, complete] = await Promise.all([
      this.#rowsOf(places),
      this.#users(places, query.visibleScope),
      this.#deps.allListed(),
    ]);
    const owners = await this.#owners(users, query.credentials);
    return places.map(place => {
      const name = nameOf(place);
      return toFleetKey(place, {
        row: keys.get(name),
        users: users.get(name) ?? [],
        owners: owners.get(name),
        complete,
        cloud: this.#deps.cloud,
      });
    });
  }

  async #rowsOf(places: readonly KeyPlace[]): Promise<Map<string, KeyRow>> {
    const rows = await this.#deps
      .db('keys')
      .whereIn(['vault_host', 'name'], pairsOf(places));
    return new Map(
      rows.map(row => [
        nameOf({ vault_host: row.vault_host, key_name: row.name }),
        row,
      ]),
    );
  }

  /**
   * All known users of these keys, in scope or not.
   *
   * @param visibleScope - the registries that may be named. Default: none.
   */
  async #users(
    places: readonly KeyPlace[],
    visibleScope?: VisibleScope,
  ): Promise<Map<string, KeyUser[]>> {
    const { db, rows } = this.#deps;
    const [registries, seen] = await Promise.all([
      db('registries')
        .whereNotNull('registries.facts')
        .where(isThere('registries'))
        .whereIn(PLACE, pairsOf(places))
        .orderBy(['name', 'id'])
        .select(
          'id',
          'vault_host',
          'key_name',
          'version_mode',
          'version_in_use',
          'problem_kind',
          'facts',
        ),
      visibleScope
        ? rows
            .matching({ visibleScope })
            .whereIn(PLACE, pairsOf(places))
            .pluck<string[]>('registries.id')
        : [],
    ]);
    const visible = new Set(seen);
    const users = new Map<string, KeyUser[]>();
    for (const row of registries) {
      const name = nameOf(row as KeyPlace);
      const others = users.get(name) ?? [];
      users.set(name, others);
      const facts: RegistryFacts = JSON.parse(row.facts!);
      const { lastKeyRotation } = facts.encryption;
      others.push({
        id: row.id,
        registryId: facts.id,
        name: facts.name,
        ...(row.version_mode && { versionMode: row.version_mode }),
        versionInUse: row.version_in_use ?? undefined,
        pinned: toRegistry(facts)?.key?.version,
        rotatedAt: lastKeyRotation ? Date.parse(lastKeyRotation) : undefined,
        stale: row.problem_kind !== null,
        visible: visible.has(row.id),
      });
    }
    return users;
  }

  /** Owners of the visible users of each key. */
  async #owners(
    usersByKey: ReadonlyMap<string, readonly KeyUser[]>,
    credentials: BackstageCredentials,
  ): Promise<Map<string, ReturnType<typeof ownersSeen>>> {
    const keyOf = new Map(
      [...usersByKey].flatMap(([key, users]) =>
        users.flatMap(({ id, visible }) => (visible ? [[id, key]] : [])),
      ),
    );
    const links = await this.#deps.rows.ownersOf([...keyOf.keys()]);
    const visible = await this.#deps.visible.among(
      links.map(({ owner }) => owner),
      credentials,
    );
    const byKey = Map.groupBy(links, link => keyOf.get(link.registry_id)!);
    return new Map(
      [...byKey].map(([key, ofKey]) => {
        const all = new Set(ofKey.map(({ owner }) => owner));
        return [key, ownersSeen([...all].sort(), visible)];
      }),
    );
  }
}

function toFleetKey(
  { vault_host, key_name: keyName }: KeyPlace,
  {
    row,
    users,
    owners = { owners: [], otherOwners: 0 },
    complete,
    cloud,
  }: {
    row: KeyRow | undefined;
    users: readonly KeyUser[];
    owners?: Pick<FleetKey, 'owners' | 'otherOwners'>;
    complete: boolean;
    cloud: AzureCloudName;
  },
): FleetKey {
  // Facts of a key that no longer exists are not shown.
  const facts: KeyFacts | undefined =
    row?.facts && row.problem_kind !== 'not-found'
      ? JSON.parse(row.facts)
      : undefined;
  const problem: AzureProblem | undefined = row?.problem
    ? JSON.parse(row.problem)
    : undefined;
  const { versions, more } = versionsOf(facts, users);
  const newest = facts && latestVersion(facts)?.version;
  const readAt = optionalNumber(row?.read_at);
  const rotatesAt = optionalNumber(row?.rotates_at);
  const seen = users.filter(({ visible }) => visible).length;
  const name = facts?.name ?? keyName;
  const vaultName = vaultNameOfHost(vault_host);
  return {
    uri: `https://${vaultHostOf(vaultName, cloud)}/keys/${name}`,
    vaultName: facts?.vaultName ?? vaultName,
    keyName: name,
    ...(newest && { latestVersion: newest }),
    ...(facts && { rotatesByPolicy: facts.rotatesByPolicy }),
    ...(facts && rotatesAt !== undefined && { rotatesAt: isoTime(rotatesAt) }),
    ...(facts && readAt !== undefined && { observedAt: isoTime(readAt) }),
    ...(problem && { problem: problem.message }),
    registries: seen,
    hiddenRegistries: users.length - seen,
    ...owners,
    versions: versions.map(version =>
      toVersion(version, {
        facts,
        isCurrent: !problem,
        users,
        complete,
        newest,
      }),
    ),
    moreVersions: more,
  };
}

type Version = Pick<KeyVersionFacts, 'version'> & Partial<KeyVersionFacts>;

/** The newest versions and those in use, even if the vault does not know them. */
function versionsOf(
  facts: KeyFacts | undefined,
  users: readonly KeyUser[],
): { versions: Version[]; more: number } {
  const known: Version[] = facts?.versions ?? [];
  const isUsed = ({ version }: Version) =>
    users.some(user => usesVersion(user, version));
  const shown = known.filter(
    (version, index) => index < MAX_VERSIONS || isUsed(version),
  );
  const unlisted = new Set(
    users
      .flatMap(({ versionInUse, pinned }) => [versionInUse, pinned])
      .filter(
        (version): version is string =>
          version !== undefined &&
          !known.some(listed => listed.version === version),
      ),
  );
  return {
    versions: [...shown, ...[...unlisted].map(version => ({ version }))],
    more: known.length - shown.length,
  };
}

function toVersion(
  { version, created, enabled, expires }: Version,
  {
    facts,
    isCurrent,
    users,
    complete,
    newest,
  }: {
    facts: KeyFacts | undefined;
    /** Whether the last reading succeeded. Without it, no retirement is advised. */
    isCurrent: boolean;
    users: readonly KeyUser[];
    complete: boolean;
    newest: string | undefined;
  },
): FleetKeyVersion {
  const using = users.filter(user => usesVersion(user, version));
  const seen = using.filter(({ visible }) => visible);
  return {
    version,
    ...(enabled !== undefined && { enabled }),
    ...(created && { created }),
    ...(expires && { expires }),
    newest: version === newest,
    registries: seen.length,
    hiddenRegistries: using.length - seen.length,
    holders: seen
      .slice(0, MAX_HOLDERS)
      .map(({ registryId, name, versionMode }) => ({
        registryId,
        name,
        ...(versionMode && { versionMode }),
      })),
    ...(facts &&
      isCurrent &&
      enabled &&
      version !== newest && {
        retirement: retirementOf(version, {
          users,
          successor: successorOf(facts, version),
          complete,
        }),
      }),
  };
}

/** The next enabled version after one. */
function successorOf(
  { versions }: KeyFacts,
  version: string,
): KeyVersionFacts | undefined {
  const at = versions.findIndex(one => one.version === version);
  return versions
    .slice(0, at)
    .filter(({ enabled }) => enabled)
    .at(-1);
}
