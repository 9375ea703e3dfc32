/**
 * Whatever people may and whatever they ask for: nothing is written to Azure that reaches somebody's
 * key or registry without the agreement of somebody who has a right there. The witness is the log of
 * the emulated Azure; who uses which key is read from its state, and none of the product's own rules is
 * asked.
 */
import fc from 'fast-check';
import type { LoggedRequest } from 'azure-emulator';
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import { type TeamRequest, requestsOf } from './__testUtils__/requests';
import { startTeams, type Teams } from './__testUtils__/startTeams';
import { PEOPLE, REGISTRIES } from './__testUtils__/teams';

jest.setTimeout(300_000);

const USERS = Object.values(PEOPLE);
const ON_ENTITIES = ['rotate', 'revoke', 'restore', 'grant'].map(
  name => `acr-cmk.key.${name}`,
);
const ENTITY_REFS = [...Object.keys(REGISTRIES), 'brand-new'].map(
  name => `resource:default/${name}`,
);

/** One right of one person, as a text. */
const rightOf = (user: string, permission: string, entityRef = '') =>
  `${user} ${permission} ${entityRef}`.trim();
const RIGHTS = USERS.flatMap(user => [
  rightOf(user, 'acr-cmk.unbound.change'),
  rightOf(user, 'acr-cmk.registry.create'),
  ...ON_ENTITIES.flatMap(permission =>
    ENTITY_REFS.map(entityRef => rightOf(user, permission, entityRef)),
  ),
]);

/** A registry in Azure at the start. */
interface Before {
  name: string;
  key: string;
  entityRef?: string;
}

const isWrite = ({ method, path, status = 0 }: LoggedRequest) =>
  method !== 'GET' &&
  status < 400 &&
  !/\/token$|checkNameAvailability$|ResourceGraph\/resources$/i.test(path);

/** `vault/key`, lower-cased, by a key identifier. */
function nameOfKey(uri: string): string {
  const { hostname, pathname } = new URL(uri);
  return `${hostname.split('.')[0]}/${pathname.split('/')[2]}`.toLowerCase();
}

/** The key that a request is about, by its URL in a vault or in ARM. */
function keyIn(host: string, path: string): string | undefined {
  const inVault = /^\/(?:deleted)?keys\/([^/]+)/i.exec(path);
  if (inVault && /vault/.test(host)) {
    return `${host.split('.')[0]}/${inVault[1]}`.toLowerCase();
  }
  const inArm = /\/vaults\/([^/]+)\/keys\/([^/]+)/i.exec(path);
  return inArm ? `${inArm[1]}/${inArm[2]}`.toLowerCase() : undefined;
}

describe('an effect in Azure', () => {
  let teams: Teams;
  let before: Before[];
  beforeAll(async () => {
    teams = await startTeams();
    before = registriesNow();
  });
  afterAll(() => teams.stop());

  function registriesNow(): Before[] {
    const { state } = teams.azure;
    return state.registries().flatMap(name => {
      const { keyIdentifier, tags } = state.registry(name);
      return keyIdentifier === undefined
        ? []
        : [
            {
              name,
              key: nameOfKey(keyIdentifier),
              entityRef: tags['backstage-entity-ref'],
            },
          ];
    });
  }

  /**
   * Requests the change and collects approvals. Returns the people who agreed, or undefined when the operation
   * did not begin.
   */
  async function carriedOut(
    asker: string,
    asked: TeamRequest,
  ): Promise<string[] | undefined> {
    const { portal } = teams;
    const planned = await teams.plan(asker, asked);
    if (planned.status !== 201 || planned.body.blocked) return undefined;
    const plan: Plan = planned.body;
    const accepted = await teams.accept(asker, plan);
    if (accepted.status !== 202) return undefined;
    const { id } = accepted.body;
    const agreed = [asker];
    let { state } = accepted.body;
    for (const user of USERS) {
      if (state !== 'awaiting-approval') break;
      const { status, body } = await portal.request(
        'POST',
        `/v1/operations/${id}/approve`,
        { user, body: { planHash: plan.hash } },
      );
      if (status === 200) {
        agreed.push(user);
        state = body.state;
      }
    }
    if (state === 'awaiting-approval') return undefined;
    await portal.untilEnded(id);
    return agreed;
  }

  it('every plan was approved by someone with rights on all that it affects', async () => {
    const requests = requestsOf(
      key => teams.azure.state.key('kv-contoso-rbac', key).versions[0].version,
    ).map(([, asked]) => asked);
    let begun = 0;
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...USERS),
        fc.constantFrom(...requests),
        fc.subarray(RIGHTS),
        async (asker, asked, rights) => {
          await teams.startAgain();
          teams.portal.decide(() => true);
          if (asked.revokedBy) await teams.revoke(asked);
          const has = new Set(rights);
          const may = (user: string, permission: string, entityRef?: string) =>
            /^acr-cmk\.(use|registry\.read)$/.test(permission) ||
            has.has(rightOf(user, permission, entityRef));
          teams.portal.decide((permission, entityRef, user) =>
            may(user, permission, entityRef),
          );
          teams.azure.clearRequests();
          const agreed = await carriedOut(asker, asked);
          if (agreed) begun += 1;
          const missing = [...neededFor(asked)].filter(
            need =>
              !agreed?.some(user => {
                const [permission, entityRef] = need.split(' ');
                return may(user, permission, entityRef);
              }),
          );
          expect(agreed ? missing : teams.writes()).toEqual([]);
        },
      ),
      { seed: 20261125, numRuns: 60 },
    );
    // Else it would show nothing.
    expect(begun).toBeGreaterThan(5);
  });

  /** Permissions that somebody must have agreed with, derived from the writes and their effects. */
  function neededFor({ intent, entity }: TeamRequest): Set<string> {
    const isCreation = intent.kind === 'create-registry';
    const permission = `acr-cmk.key.${
      {
        rotate: 'rotate',
        revoke: 'revoke',
        restore: 'restore',
        retire: 'revoke',
      }[intent.kind as 'rotate'] ?? 'rotate'
    }`;
    const needed = new Set<string>();
    const forRegistry = ({ entityRef, name }: Before, right = permission) => {
      // A creation is of a registry that nobody has yet.
      if (isCreation && name === 'brandnew')
        needed.add('acr-cmk.registry.create');
      else
        needed.add(
          entityRef ? `${right} ${entityRef}` : 'acr-cmk.unbound.change',
        );
    };
    const usersOf = (key: string) => before.filter(one => one.key === key);
    const made = new Set<string>();
    for (const write of teams.azure.requests().filter(isWrite)) {
      const { method, host, path } = write;
      const key = keyIn(host, path);
      const registry = /\/registries\/([^/]+)$/i.exec(path)?.[1];
      if (registry) {
        forRegistry(
          before.find(({ name }) => name === registry.toLowerCase()) ?? {
            name: registry,
            key: '',
          },
        );
      } else if (/roleassignments/i.test(path)) {
        if (method === 'DELETE') {
          usersOf(key!).forEach(one => forRegistry(one, 'acr-cmk.key.revoke'));
        } else if (intent.kind === 'restore') {
          usersOf(key!).forEach(one => forRegistry(one));
        } else if (!made.has(key!) || !isCreation) {
          needed.add(`acr-cmk.key.grant resource:default/${entity}`);
        }
      } else if (key) {
        if (usersOf(key).length === 0) made.add(key);
        usersOf(key).forEach(one => forRegistry(one));
      }
    }
    for (const { name, key } of registriesNow()) {
      const had = before.find(one => one.name === name);
      if (had?.key === key) continue;
      expect(key).not.toContain('closed');
      usersOf(key).forEach(one => forRegistry(one));
    }
    return needed;
  }
});
