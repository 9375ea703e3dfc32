/** Every way in to an operation, asked by the same people about the same operations. */
import { mockCredentials } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  fleetReadPermission,
  type Intent,
} from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { openSqlite } from '../__testUtils__/databases';
import { insertVersionRead } from '../__testUtils__/operationRows';
import {
  registryId,
  resource,
  startPortal,
  type TestPortal,
} from '../__testUtils__/portal';
import type { Effect } from '../domain/effects';
import type { StoredNeed } from '../engine/types';
import { ownersOf } from '../notifications/owners';
import {
  createRegistryConditionalDecision,
  registryConditions,
} from '../registries/fleet/rules';
import type { OperationRow } from '../platform/database/tables';

/** Its tag names the entity `shop-images`. */
const SHOP = registryId('shopimages');
/** Its tag names the entity `shared-tools`. */
const TOOLS = registryId('sharedtools', 'rg-platform');
/** The configuration binds it to the entity `shared-data`. */
const DATA = registryId('shareddata', 'rg-platform');
const KEY = 'kv-contoso-rbac/shopimages';

const entity = (name: string) => `resource:default/${name}`;
const user = (name: string) => `user:default/${name}`;
const of = (kind: Effect['kind'], id: string): Effect =>
  ({ kind, registryId: id.toLowerCase(), key: KEY }) as Effect;
const need = (more: Partial<StoredNeed> = {}): StoredNeed => ({
  permission: 'acr-cmk.key.rotate',
  entityRef: entity('payments-images'),
  because: 'it uses the key',
  ...more,
});

type Fixture = Partial<OperationRow> & { on?: readonly Effect[] };

/** Operations on `shopimages`, requested for an entity that only names it. */
const OPERATIONS: Record<string, Fixture> = {
  rotation: {},
  'rotation of a key that others use': {
    on: [
      {
        kind: 'key-changed',
        key: KEY,
        change: 'version-made',
        usedBy: [TOOLS, DATA].map(id => id.toLowerCase()),
      },
    ],
  },
  revoke: {
    kind: 'revoke',
    on: [of('registry-loses-key', TOOLS), of('registry-loses-key', DATA)],
  },
  restore: {
    kind: 'restore',
    on: [of('registry-regains-key', TOOLS), of('registry-regains-key', DATA)],
  },
  'rotation that nobody has approved': {
    state: 'cancelled',
    approval: 'pending',
    needs: JSON.stringify([need()]),
  },
  'rotation that was approved': {
    approval: 'approved',
    needs: JSON.stringify([need({ by: user('decider'), at: 1 })]),
  },
  'rotation that was rejected': {
    state: 'rejected',
    approval: 'rejected',
    approval_by: user('decider'),
    approval_at: 1,
    needs: JSON.stringify([need()]),
  },
  'member of a campaign': {
    campaign_id: '11111111-0000-4000-8000-000000000000',
    origin: 'campaign',
  },
};
const ALL = Object.keys(OPERATIONS);
const TAKING = ['revoke', 'restore'];
const ASKING = ALL.filter(name => OPERATIONS[name].needs);

/** People by what they have, with the operations that they see. */
const PEOPLE: Record<
  string,
  { has?: [permission: string, entity?: string]; sees: readonly string[] }
> = {
  requester: { sees: ALL },
  decider: { sees: ASKING.slice(1) },
  'reader of its entity': {
    has: ['acr-cmk.registry.read', 'naming-images'],
    sees: ALL,
  },
  'reader of the linked entity': {
    has: ['acr-cmk.registry.read', 'shop-images'],
    sees: ALL,
  },
  'reader of another that names the registry': {
    has: ['acr-cmk.registry.read', 'spying-images'],
    sees: [],
  },
  'reader of an entity in the tag of another registry': {
    has: ['acr-cmk.registry.read', 'shared-tools'],
    sees: TAKING,
  },
  'reader of an entity that is bound to another registry': {
    has: ['acr-cmk.registry.read', 'shared-data'],
    sees: TAKING,
  },
  approver: { has: ['acr-cmk.key.rotate', 'payments-images'], sees: ASKING },
  'holder of the permission elsewhere': {
    has: ['acr-cmk.key.rotate', 'shop-images'],
    sees: [],
  },
  'creator of campaigns': {
    has: ['acr-cmk.campaign.create'],
    sees: ['member of a campaign'],
  },
  auditor: { has: ['acr-cmk.audit.read'], sees: ALL },
  platform: { sees: ALL },
  nobody: { sees: [] },
};
const nameOf = (person: string) => person.replaceAll(' ', '-');

describe('who sees an operation', () => {
  const ID = '22222222-0000-4000-8000-000000000000';
  let portal: TestPortal;
  let db: Knex;
  let original: OperationRow;
  let versionInUse: string;

  beforeAll(async () => {
    db = await openSqlite();
    portal = await startPortal({
      db,
      config: {
        bindings: [{ registryId: DATA, entityRef: entity('shared-data') }],
      },
      entities: [
        resource('shop-images', SHOP, 'team-shop'),
        resource('naming-images', SHOP, 'team-naming'),
        resource('spying-images', SHOP, 'team-spying'),
        resource('shared-tools', TOOLS, 'team-tools'),
        resource('shared-data', DATA, 'team-data'),
      ],
    });
    const rotate: Intent = { kind: 'rotate' };
    const { id } = await portal.carryOut(
      await portal.plan('shop-images', SHOP, rotate),
    );
    for (const name of [
      'naming-images',
      'spying-images',
      'shared-tools',
      'shared-data',
    ]) {
      await portal.as().registriesOf(entity(name));
    }
    original = (await db('operations').where({ id }).first())!;
    const row = await db('registries')
      .where({ id: SHOP.toLowerCase() })
      .first('version_in_use');
    versionInUse = row!.version_in_use!;
    for (const table of ['operation_steps', 'operations'] as const) {
      await db(table).delete();
    }
    portal.decide((permission, ref, name) => {
      const has = Object.entries(PEOPLE).find(
        ([person]) => nameOf(person) === name,
      )?.[1].has;
      return (
        permission === 'acr-cmk.use' ||
        (permission === has?.[0] &&
          ref === (has[1] === undefined ? undefined : entity(has[1])))
      );
    });
    portal.decideFleet(name =>
      name === 'platform'
        ? { result: AuthorizeResult.ALLOW }
        : createRegistryConditionalDecision(
            fleetReadPermission,
            registryConditions.inResourceGroup({
              resourceGroups: ['rg-shop'],
            }),
          ),
    );
  });
  afterAll(() => portal.stop());

  const registriesOf = ({ on = [] }: Fixture) => [
    SHOP.toLowerCase(),
    ...on.flatMap(effect => ('registryId' in effect ? effect.registryId : [])),
  ];

  /** Stores the one operation that there is, as while it works on its registries. */
  async function store({ on = [], ...fixture }: Fixture) {
    for (const table of [
      'operation_locks',
      'registry_losses',
      'operation_steps',
      'operations',
    ] as const) {
      await db(table).delete();
    }
    await db('operations').insert({
      ...original,
      id: ID,
      entity_ref: entity('naming-images'),
      requested_by: user('requester'),
      effects: JSON.stringify([of('registry-changed', SHOP), ...on]),
      ...fixture,
    });
    await insertVersionRead(db, ID, `https://kv/keys/k/${versionInUse}`);
    for (const registry of registriesOf({ on })) {
      await db('operation_locks').insert({
        target: registry,
        operation_id: ID,
      });
      if (registry !== SHOP.toLowerCase()) {
        await db('registry_losses').insert({
          registry_key: registry,
          operation_id: ID,
        });
      }
    }
  }

  /** The answer to a person, as text. A stream ends with its first piece. */
  async function answerTo(
    person: string,
    path: string,
    body?: unknown,
  ): Promise<string> {
    const stop = new AbortController();
    const response = await fetch(
      `http://127.0.0.1:${portal.backend.server.port()}/api/acr-cmk${path}`,
      {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          Authorization: mockCredentials.user.header(user(nameOf(person))),
          'Content-Type': 'application/json',
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: stop.signal,
      },
    );
    const first = await response.body!.getReader().read();
    stop.abort();
    return response.ok ? new TextDecoder().decode(first.value) : '';
  }

  const FLEET = `/v1/fleet/registries`;
  /** Ways in that answer about the one operation, or about its registry. */
  const WAYS: Record<string, [path: string, body?: unknown]> = {
    detail: [`/v1/operations/${ID}`],
    stream: [`/v1/operations/${ID}/events`],
    MCP: [
      '/.backstage/actions/v2/actions/acr-cmk:get-key-operation/invoke',
      { input: { operationId: ID } },
    ],
    fleet: [`${FLEET}?search=shopimages`],
    'fleet, by key': [`${FLEET}?vault=kv-contoso-rbac&search=shopimages`],
    'export of the fleet': [`${FLEET}.csv?search=shopimages`],
    'registry of the fleet': [
      `${FLEET}/${SHOP.split('/')[2]}/rg-shop/shopimages`,
    ],
  };

  it.each(ALL)('is the same for every way in: %s', async name => {
    const fixture = OPERATIONS[name];
    await store(fixture);
    for (const [person, { sees, has }] of Object.entries(PEOPLE)) {
      const isSeen = sees.includes(name);
      const shown: Record<string, boolean> = {};
      for (const [way, [path, body]] of Object.entries(WAYS)) {
        // The export proves a version by an operation that has succeeded.
        if (way === 'export of the fleet' && fixture.state) continue;
        shown[way] = (await answerTo(person, path, body)).includes(ID);
      }
      if (has?.[0] === 'acr-cmk.registry.read') {
        const [, own = ''] = has;
        const ref = encodeURIComponent(entity(own));
        const list = await answerTo(person, `/v1/operations?entityRef=${ref}`);
        const tab = await answerTo(
          person,
          `/v1/entities/resource/default/${own}/registries`,
        );
        shown.list = list.includes(ID);
        shown.tab = tab.includes(ID);
      }
      expect({ person, shown }).toEqual({
        person,
        shown: Object.fromEntries(Object.keys(shown).map(way => [way, isSeen])),
      });
    }
  });

  it('is everybody for whom it waits, or who decided about it', async () => {
    await store({
      ...OPERATIONS['rotation that nobody has approved'],
      state: 'awaiting-approval',
      approval: 'pending',
      approval_expires_at: original.created_at,
    });
    for (const person of ['approver', 'nobody', 'auditor']) {
      const waiting = await answerTo(person, '/v1/fleet/waiting');
      expect([person, waiting.includes(ID)]).toEqual([
        person,
        person === 'approver',
      ]);
    }
    await store({
      ...OPERATIONS['rotation that was rejected'],
      created_at: Date.now(),
    });
    expect(await answerTo('decider', '/v1/fleet/waiting')).toContain(ID);
  });

  it('includes readers of the audit log, and nobody else reads that', async () => {
    for (const person of Object.keys(PEOPLE)) {
      const log = await answerTo(person, '/v1/audit');
      expect([person, log.includes(original.id)]).toEqual([
        person,
        person === 'auditor',
      ]);
    }
  });

  it('includes readers of the entities whose owners are notified', async () => {
    for (const name of TAKING) {
      const registries = registriesOf(OPERATIONS[name]);
      const owners = await ownersOf(
        db,
        registries,
        new Map([[DATA.toLowerCase(), new Set([entity('shared-data')])]]),
      );
      expect([...owners.values()].flat().sort()).toEqual([
        'group:default/team-data',
        'group:default/team-shop',
        'group:default/team-tools',
      ]);
      const notified = ['shared-data', 'shop-images', 'shared-tools'];
      const readers = Object.values(PEOPLE).filter(
        ({ has }) =>
          has?.[0] === 'acr-cmk.registry.read' && notified.includes(has[1]!),
      );
      expect(readers.map(({ sees }) => sees.includes(name))).toEqual([
        true,
        true,
        true,
      ]);
    }
  });
});
