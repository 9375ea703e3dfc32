import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type FleetFilter,
  type FleetKey,
  type FleetKeys,
  type FleetKeyVersion,
  type KeyFacts,
  type RegistryFacts,
  type KeyVersionFacts,
  vaultNameOfHost,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { z } from 'zod/v4';
import { latestVersion } from '../cmk/encryptedRegistry';
import { isoTime } from '../database/clock';
import { isThere } from '../inventory/rows/isThere';
import { optional } from '../inventory/rows/readings';
import { toRegistry } from '../inventory/toRegistry';
import type { Asked, FleetReader } from './FleetReader';
import type { FleetRows } from './FleetRows';
import { CursorText, decode, encode } from './order';
import { type KeyUser, retirementOf, usesVersion } from './retirement';
import type { VisibleEntities } from './VisibleEntities';

/** Versions of a key that are shown beside those in use. */
const MAX_VERSIONS = 50;
const MAX_HOLDERS = 20;
const MAX_OWNERS = 20;

const Cursor = z.tuple([CursorText, CursorText]);

/** Of `keys`, and of `registries` that use them. */
interface KeyPlace {
  vaultHost: string;
  keyName: string;
}

const nameOf = ({ vaultHost, keyName }: KeyPlace) => `${vaultHost}/${keyName}`;

/** Keys of the fleet: who uses which version, and which versions may go. */
export class FleetKeysReader {
  readonly #db: Knex;
  readonly #reader: FleetReader;
  readonly #rows: FleetRows;
  readonly #visible: VisibleEntities;
  readonly #allListed: () => Promise<boolean>;

  constructor(options: {
    db: Knex;
    reader: FleetReader;
    rows: FleetRows;
    visible: VisibleEntities;
    /** Are all registries of the scopes known? */
    allListed: () => Promise<boolean>;
  }) {
    this.#db = options.db;
    this.#reader = options.reader;
    this.#rows = options.rows;
    this.#visible = options.visible;
    this.#allListed = options.allListed;
  }

  /** One page, by vault and name. */
  async list(
    {
      filter,
      cursor,
      limit,
    }: { filter: FleetFilter; cursor?: string; limit: number },
    credentials: BackstageCredentials,
  ): Promise<FleetKeys> {
    const after = cursor === undefined ? undefined : decode(cursor, Cursor);
    const asked = await this.#reader.ask(filter, credentials);
    const [places, total] = await Promise.all([
      this.#page(asked, after, limit + 1),
      this.#total(asked),
    ]);
    const page = places.slice(0, limit);
    const last = page[page.length - 1];
    return {
      items: await this.#present(page, asked),
      total,
      ...(places.length > limit && {
        nextCursor: encode([last.vaultHost, last.keyName]),
      }),
      searchIncomplete: asked.resolved.searchIncomplete,
    };
  }

  async #page(
    asked: Asked,
    after: readonly string[] | undefined,
    limit: number,
  ): Promise<KeyPlace[]> {
    const rows = await this.#rows
      .query(asked)
      .whereNotNull('registries.vault_host')
      .modify(query => {
        if (after) {
          query.whereRaw(
            '(registries.vault_host, registries.key_name) > (?, ?)',
            [...after],
          );
        }
      })
      .distinct('registries.vault_host', 'registries.key_name')
      .orderBy(['registries.vault_host', 'registries.key_name'])
      .limit(limit);
    return rows.map((row: any) => ({
      vaultHost: row.vault_host,
      keyName: row.key_name,
    }));
  }

  async #total(asked: Asked): Promise<number> {
    const keys = this.#rows
      .query(asked)
      .whereNotNull('registries.vault_host')
      .distinct('registries.vault_host', 'registries.key_name');
    const [{ n }] = await this.#db.from(keys.as('used')).count({ n: '*' });
    return Number(n);
  }

  async #present(
    places: readonly KeyPlace[],
    asked: Asked,
  ): Promise<FleetKey[]> {
    if (places.length === 0) return [];
    const [keys, users, owners, complete] = await Promise.all([
      this.#keys(places),
      this.#users(places, asked),
      this.#owners(places, asked),
      this.#allListed(),
    ]);
    return places.map(place => {
      const name = nameOf(place);
      return toFleetKey(place, {
        row: keys.get(name),
        users: users.get(name) ?? [],
        owners: owners.get(name) ?? { seen: [], others: 0 },
        complete,
      });
    });
  }

  async #keys(places: readonly KeyPlace[]): Promise<Map<string, any>> {
    const rows = await this.#db('keys').whereIn(
      ['vault_host', 'name'],
      places.map(({ vaultHost, keyName }) => [vaultHost, keyName]),
    );
    return new Map(
      rows.map(row => [
        nameOf({ vaultHost: row.vault_host, keyName: row.name }),
        row,
      ]),
    );
  }

  /** Everything that is known to use these keys, in scope or not. */
  async #users(
    places: readonly KeyPlace[],
    { visibleScope }: Asked,
  ): Promise<Map<string, KeyUser[]>> {
    const ofThese = (query: Knex.QueryBuilder) =>
      query.whereIn(
        ['registries.vault_host', 'registries.key_name'],
        places.map(({ vaultHost, keyName }) => [vaultHost, keyName]),
      );
    const [rows, seen] = await Promise.all([
      this.#db('registries')
        .whereNotNull('registries.facts')
        .where(isThere('registries'))
        .modify(ofThese)
        .orderBy(['registries.name', 'registries.id'])
        .select(
          'id',
          'name',
          'vault_host',
          'key_name',
          'version_mode',
          'version_in_use',
          'problem_kind',
          'facts',
        ),
      this.#rows.query({ visibleScope }).modify(ofThese).pluck('registries.id'),
    ]);
    const visible = new Set<string>(seen);
    const users = new Map<string, KeyUser[]>();
    for (const row of rows as any[]) {
      const name = nameOf({ vaultHost: row.vault_host, keyName: row.key_name });
      const others = users.get(name) ?? [];
      users.set(name, others);
      const facts: RegistryFacts = JSON.parse(row.facts);
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

  async #owners(
    places: readonly KeyPlace[],
    { visibleScope, credentials }: Asked,
  ): Promise<Map<string, { seen: string[]; others: number }>> {
    const rows: any[] = await this.#rows
      .query({ visibleScope })
      .join(
        this.#rows.ownerLinks().as('owned'),
        'owned.registry_id',
        'registries.id',
      )
      .whereIn(
        ['registries.vault_host', 'registries.key_name'],
        places.map(({ vaultHost, keyName }) => [vaultHost, keyName]),
      )
      .distinct('registries.vault_host', 'registries.key_name', 'owned.owner')
      .orderBy('owned.owner');
    const visible = await this.#visible.among(
      rows.map(({ owner }) => owner),
      credentials,
    );
    const owners = new Map<string, { seen: string[]; others: number }>();
    for (const row of rows) {
      const name = nameOf({ vaultHost: row.vault_host, keyName: row.key_name });
      const ofKey = owners.get(name) ?? { seen: [], others: 0 };
      owners.set(name, ofKey);
      if (visible.has(row.owner) && ofKey.seen.length < MAX_OWNERS) {
        ofKey.seen.push(row.owner);
      } else {
        ofKey.others += 1;
      }
    }
    return owners;
  }
}

function toFleetKey(
  { vaultHost, keyName }: KeyPlace,
  {
    row,
    users,
    owners,
    complete,
  }: {
    row: any;
    users: readonly KeyUser[];
    owners: { seen: string[]; others: number };
    complete: boolean;
  },
): FleetKey {
  // What no longer exists is not shown from before.
  const isKnown = row?.facts && row.problem_kind !== 'not-found';
  const facts: KeyFacts | undefined = isKnown
    ? JSON.parse(row.facts)
    : undefined;
  const problem = row?.problem && JSON.parse(row.problem);
  const { versions, more } = versionsOf(facts, users);
  const newest = facts && latestVersion(facts)?.version;
  const readAt = optional(row?.read_at);
  const rotatesAt = optional(row?.rotates_at);
  const seen = users.filter(({ visible }) => visible).length;
  return {
    vaultName: facts?.vaultName ?? vaultNameOfHost(vaultHost),
    keyName: facts?.name ?? keyName,
    ...(newest && { latestVersion: newest }),
    ...(facts && { rotatesByPolicy: facts.rotatesByPolicy }),
    ...(facts && rotatesAt !== undefined && { rotatesAt: isoTime(rotatesAt) }),
    ...(facts && readAt !== undefined && { observedAt: isoTime(readAt) }),
    ...(problem && { problem: problem.message }),
    registries: seen,
    hiddenRegistries: users.length - seen,
    owners: owners.seen,
    otherOwners: owners.others,
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

/** The newest versions, and those in use, whether or not the vault knows them. */
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
    /** They could be read the last time: else nothing of the key is advised. */
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

/** The enabled version that came after one. */
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
