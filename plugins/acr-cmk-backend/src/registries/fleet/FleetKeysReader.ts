import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type AzureCloudName,
  type AzureProblem,
  type Fact,
  type FleetFilter,
  type FleetKey,
  type FleetKeys,
  type FleetKeyVersion,
  type KeyFacts,
  type RegistryFacts,
  type KeyVersionFacts,
  knownUse,
  vaultHostOf,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import { z } from 'zod/v4';
import { type DeletedKey, latestVersion } from '../../domain/encryptedRegistry';
import { isKeyMissing, missingKeyInWords } from '../../domain/missingKey';
import { toFact } from '../../inventory/facts';
import { FactRows } from '../../inventory/rows/facts';
import { isThere } from '../../inventory/rows/FactTable';
import { type KeyPlace, subjectOfKey } from '../../inventory/rows/subjects';
import type { KeyUsersReader } from '../../inventory/read/KeyUsersReader';
import { toRegistry } from '../../inventory/rows/toRegistry';
import { CursorText, decode, encode } from '../../platform/cursor';
import { batchesOf } from '../../platform/database/batches';
import { isoTime } from '../../platform/database/clock';
import { optionalNumber } from '../../platform/database/results';
import type { KeyRow, RegistryRow } from '../../platform/database/tables';
import { yieldToEventLoop } from '../../platform/time/yieldToEventLoop';
import type { FleetContext } from './FleetContext';
import { type FleetParts, type FleetQuery, selectionOf } from './FleetReader';
import type { Selection } from './FleetRows';
import { HOLDER_COLUMNS, holderOf } from './holders';
import {
  countServices,
  type KeyUser,
  type OtherUsers,
  retirementOf,
  usesOfKey,
  usesVersion,
} from './retirement';
import type { FleetViewer, VisibleScope } from './VisibleScope';

/** Versions of a key that are shown beside those in use. */
const MAX_VERSIONS = 50;
const MAX_HOLDERS = 20;
/** Keys whose facts are in memory at once. */
const AT_ONCE = 100;

const Cursor = z.tuple([CursorText, CursorText]);

const pairsOf = (keys: readonly KeyPlace[]) =>
  keys.map(({ vault_host, name }) => [vault_host, name]);

const KEY_OF_REGISTRY = ['registries.vault_host', 'registries.key_name'];

const USER_COLUMNS = [
  ...HOLDER_COLUMNS,
  'vault_host',
  'key_name',
  'version_in_use',
  'problem_kind',
  'facts',
] as const;

/** Keys that are asked for. */
export interface KeysRequest {
  filter: FleetFilter;
  /** Only those that have a version which nothing is known to use. */
  unused?: boolean;
  cursor?: string;
  limit: number;
}

interface FleetKeysParts extends FleetParts {
  users: Pick<KeyUsersReader, 'services'>;
  /** Whether all registries of the scopes are known. */
  allListed: () => Promise<boolean>;
}

/** Keys of the fleet, with the users of each version, and the versions that nothing is known to use. */
export function createFleetKeys(
  { db, config }: Pick<FleetContext, 'db' | 'config'>,
  { reader, rows, cache, users: keyUsers, allListed }: FleetKeysParts,
) {
  const rowsOf = async (
    places: readonly KeyPlace[],
  ): Promise<Map<string, KeyRow>> => {
    const found = await db('keys').whereIn(
      ['vault_host', 'name'],
      pairsOf(places),
    );
    return new Map(found.map(row => [subjectOfKey(row), row]));
  };

  /**
   * All known users of these keys, in scope or not.
   *
   * @param visibleScope - the registries that may be named. Default: none.
   */
  const usersOf = async (
    places: readonly KeyPlace[],
    visibleScope?: VisibleScope,
  ): Promise<Map<string, KeyUser[]>> => {
    const [registries, seen] = await Promise.all([
      db('registries')
        .whereNotNull('registries.facts')
        .where(isThere('registries'))
        .whereIn(KEY_OF_REGISTRY, pairsOf(places))
        .orderBy(['name', 'id'])
        .select(...USER_COLUMNS),
      visibleScope
        ? rows
            .matching({ visibleScope })
            .whereIn(KEY_OF_REGISTRY, pairsOf(places))
            .pluck<string[]>('registries.id')
        : [],
    ]);
    const visible = new Set(seen);
    const users = Map.groupBy(registries, ({ vault_host, key_name }) =>
      subjectOfKey({ vault_host: vault_host!, name: key_name! }),
    );
    return new Map(
      [...users].map(([key, ofKey]) => [
        key,
        ofKey.map(row => toKeyUser(row, visible.has(row.id))),
      ]),
    );
  };

  /** Owners of the visible users of each key. */
  const ownersSeenBy = async (
    { credentials }: FleetViewer,
    usersByKey: ReadonlyMap<string, readonly KeyUser[]>,
  ) => {
    const keyOfUser = new Map(
      [...usersByKey].flatMap(([key, users]) =>
        users.flatMap(({ id, visible }) => (visible ? [[id, key]] : [])),
      ),
    );
    const links = await rows.ownersOf([...keyOfUser.keys()]);
    const visibleOwners = await reader.visibleOwners(
      links.map(({ owner }) => owner),
      credentials,
    );
    const byKey = Map.groupBy(links, link => keyOfUser.get(link.registry_id)!);
    return (key: string) => {
      const all = new Set((byKey.get(key) ?? []).map(({ owner }) => owner));
      return visibleOwners([...all].sort());
    };
  };

  /** Deletions of those keys that their vaults do not have, as far as they are known. */
  const deletedAmong = async (keys: readonly KeyRow[]) => {
    const facts = new FactRows(db);
    const missing = keys.filter(row => row.problem_kind === 'not-found');
    return new Map(
      await Promise.all(
        missing.map(async row => {
          const subject = `${vaultNameOfHost(row.vault_host)}/${row.name}`;
          const name = { kind: 'deleted-key', subject } as const;
          const fact = toFact(await facts.of<DeletedKey>(name).read());
          return [subjectOfKey(row), fact] as const;
        }),
      ),
    );
  };

  /** Keys as the API shows them. Without a viewer, no registry and no owner is named. */
  const present = async (
    places: readonly KeyPlace[],
    viewer?: FleetViewer,
  ): Promise<FleetKey[]> => {
    if (places.length === 0) return [];
    const names = places.map(({ vault_host, name }) => ({
      vaultName: vaultNameOfHost(vault_host),
      keyName: name,
    }));
    const [keys, users, complete, known] = await Promise.all([
      rowsOf(places),
      usersOf(places, viewer?.visibleScope),
      allListed(),
      keyUsers.services(names),
    ]);
    const deleted = await deletedAmong([...keys.values()]);
    const ownersOf = viewer && (await ownersSeenBy(viewer, users));
    return places.map((place, index) =>
      toFleetKey(place, {
        row: keys.get(subjectOfKey(place)),
        users: users.get(subjectOfKey(place)) ?? [],
        others: {
          ...known,
          services: usesOfKey(known.services, names[index]),
        },
        owners: ownersOf?.(subjectOfKey(place)),
        complete,
        cloud: config.cloud,
        deletedKey: deleted.get(subjectOfKey(place)),
      }),
    );
  };

  /** Keys that registries use, by vault and name. */
  const inOrder = async (selection: Selection): Promise<KeyPlace[]> => {
    const keys: KeyPlace[] = await rows
      .matching(selection)
      .whereNotNull('registries.vault_host')
      .distinct('registries.vault_host', 'registries.key_name as name');
    return keys.sort((a, b) => (subjectOfKey(a) < subjectOfKey(b) ? -1 : 1));
  };

  /** Selects the keys that have a version which nothing is known to use. */
  const withUnused = async (keys: readonly KeyPlace[]): Promise<KeyPlace[]> => {
    const found: KeyPlace[] = [];
    for (const some of batchesOf(keys, AT_ONCE)) {
      const presented = await present(some);
      found.push(
        ...some.filter((_, index) =>
          presented[index].versions.some(
            ({ retirement }) => retirement?.answer === 'unused',
          ),
        ),
      );
      await yieldToEventLoop();
    }
    return found;
  };

  /** The keys that a request is about, in order. */
  const keysOf = async (
    { filter, unused = false }: Pick<KeysRequest, 'filter' | 'unused'>,
    credentials: BackstageCredentials,
  ): Promise<{ query: FleetQuery; keys: readonly KeyPlace[] }> => {
    const query = await reader.query(filter, credentials);
    const selection = selectionOf(query);
    const all = () => inOrder(selection);
    if (!unused) {
      return { query, keys: await cache.answer(['keys', selection], all) };
    }
    // While others may use a key, none of its versions counts as unused.
    const { lookedAt } = await keyUsers.services([]);
    const isKnown = knownUse(0, lookedAt.state) === 'none';
    if (!isKnown || !(await allListed())) return { query, keys: [] };
    const question = ['unused keys', selection, lookedAt] as const;
    const keys = await cache.answer(question, async () =>
      withUnused(await all()),
    );
    return { query, keys };
  };

  return {
    /** One page, by vault and name. */
    async list(
      { cursor, limit, ...request }: KeysRequest,
      credentials: BackstageCredentials,
    ): Promise<FleetKeys> {
      const after = cursor === undefined ? undefined : decode(cursor, Cursor);
      const { query, keys } = await keysOf(request, credentials);
      const rest = after
        ? keys.filter(key => subjectOfKey(key) > after.join('/'))
        : keys;
      const page = rest.slice(0, limit);
      const last = page[page.length - 1];
      return {
        items: await present(page, query),
        total: keys.length,
        ...(rest.length > limit && {
          nextCursor: encode([last.vault_host, last.name]),
        }),
        searchIncomplete: query.resolved.searchIncomplete,
      };
    },

    /** All of them, by vault and name, some at a time. */
    async *all(
      request: Omit<KeysRequest, 'cursor' | 'limit'>,
      credentials: BackstageCredentials,
    ): AsyncGenerator<FleetKey[]> {
      const { query, keys } = await keysOf(request, credentials);
      for (const some of batchesOf(keys, AT_ONCE)) {
        yield await present(some, query);
      }
    },
  };
}

export type FleetKeysReader = ReturnType<typeof createFleetKeys>;

function toKeyUser(
  row: Pick<RegistryRow, (typeof USER_COLUMNS)[number]>,
  visible: boolean,
): KeyUser {
  const facts: RegistryFacts = JSON.parse(row.facts!);
  const { lastKeyRotation } = facts.encryption;
  return {
    id: row.id,
    ...holderOf(row),
    versionInUse: row.version_in_use ?? undefined,
    pinned: toRegistry(facts)?.key?.version,
    rotatedAt: lastKeyRotation ? Date.parse(lastKeyRotation) : undefined,
    stale: row.problem_kind !== null,
    visible,
  };
}

function uriOf({ vault_host, name }: KeyPlace, cloud: AzureCloudName): string {
  return `https://${vaultHostOf(vaultNameOfHost(vault_host), cloud)}/keys/${name}`;
}

function toFleetKey(
  { vault_host, name: keyName }: KeyPlace,
  {
    row,
    users,
    others,
    owners = { owners: [], otherOwners: 0 },
    complete,
    cloud,
    deletedKey,
  }: {
    row: KeyRow | undefined;
    users: readonly KeyUser[];
    others: OtherUsers;
    owners?: Pick<FleetKey, 'owners' | 'otherOwners'>;
    complete: boolean;
    cloud: AzureCloudName;
    deletedKey?: Fact<DeletedKey>;
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
    uri: uriOf({ vault_host, name }, cloud),
    vaultName: facts?.vaultName ?? vaultName,
    keyName: name,
    ...(newest && { latestVersion: newest }),
    ...(facts && { rotatesByPolicy: facts.rotatesByPolicy }),
    ...(facts && rotatesAt !== undefined && { rotatesAt: isoTime(rotatesAt) }),
    ...(facts && readAt !== undefined && { observedAt: isoTime(readAt) }),
    ...(problem && {
      problem: isKeyMissing({ keyFacts: { known: false, problem } })
        ? missingKeyInWords({ key: { keyName: name, vaultName }, deletedKey })
            .message
        : problem.message,
    }),
    registries: seen,
    hiddenRegistries: users.length - seen,
    services: countServices(others.services),
    servicesLookedAt: others.lookedAt.state,
    ...owners,
    versions: versions.map(version =>
      toVersion(version, {
        facts,
        isCurrent: !problem,
        users,
        others,
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
    others,
    complete,
    newest,
  }: {
    facts: KeyFacts | undefined;
    /** Whether the last reading succeeded. Without it, no retirement is advised. */
    isCurrent: boolean;
    users: readonly KeyUser[];
    others: OtherUsers;
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
          others,
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
