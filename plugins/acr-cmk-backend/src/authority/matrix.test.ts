/**
 * Who may have what, through the whole product: five people ask for every intent, on an own and a
 * shared key, with keys and identities of their own, of others, and of closed vaults. What is expected
 * is a table in words, `__fixtures__/matrix.md`; this file asks and compares.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import { type Asked, requestsOf } from './__testUtils__/requests';
import { startTeams, type Teams } from './__testUtils__/startTeams';
import { OTHERS, PEOPLE, POLICIES } from './__testUtils__/teams';

// Each table takes hundreds of plans.
jest.setTimeout(600_000);

describe('access to keys', () => {
  let teams: Teams;
  beforeAll(async () => {
    teams = await startTeams();
  });
  afterAll(() => teams.stop());

  async function prepare(asked: Asked) {
    await teams.startAgain();
    if (asked.revokedBy) await teams.revoke(asked);
  }

  /** The verdict in the words of the table. */
  async function verdict(
    user: string,
    asked: Asked,
    { isCarriedOut }: { isCarriedOut: boolean },
  ): Promise<string> {
    const { portal } = teams;
    teams.azure.clearRequests();
    const { status, body } = await teams.plan(user, asked);
    expect(teams.writes()).toEqual([]);
    if (status !== 201) return refusalInShort(status, body);
    const plan: Plan = body;
    const needs = (plan.approval.needs ?? []).map(
      ({ permission, entityRef = '' }) =>
        `${permission.replace(/^acr-cmk\.(key\.)?/, '')} ${entityRef.replace(
          /^.*\//,
          '',
        )}`.trim(),
    );
    const may = needs.length === 0 ? 'yes' : `asks ${needs.sort().join(' + ')}`;
    if (plan.blocked) return `${may} (blocked)`;
    if (needs.length === 0 && !isCarriedOut) return may;
    const { status: accepted, body: operation } = await teams.accept(
      user,
      plan,
    );
    expect(accepted).toBe(202);
    if (needs.length > 0) {
      expect(operation.state).toBe('awaiting-approval');
      expect(teams.writes()).toEqual([]);
      return may;
    }
    const { state, result } = await portal.untilEnded(operation.id);
    expect([state, result?.message]).toEqual(['succeeded', expect.anything()]);
    if (user !== PEOPLE.platform) {
      const reached = teams.writes().join('\n').toLowerCase();
      expect(OTHERS.filter(name => reached.includes(name))).toEqual([]);
    }
    await prepare(asked);
    return may;
  }

  it.each(Object.entries(POLICIES))(
    'is as the table of the %s policy says',
    async (name, policy) => {
      teams.portal.decide(policy);
      const rows: string[] = [];
      const requests = requestsOf(
        key =>
          teams.azure.state.key('kv-contoso-rbac', key).versions[0].version,
      );
      const expected = tableOf(name);
      const isListed = (what: string) =>
        expected.some(row => row.startsWith(`${what} |`));
      for (const [what, asked] of requests) {
        // The second table has what is not as in the first one.
        if (name !== 'sample' && !isListed(what)) continue;
        await prepare(asked);
        const cells: string[] = [];
        for (const user of Object.values(PEOPLE)) {
          // Once is enough to see that it can be carried out.
          const isCarriedOut = !cells.includes('yes');
          cells.push(await verdict(user, asked, { isCarriedOut }));
        }
        rows.push([what, ...cells].join(' | '));
      }
      expect(rows).toEqual(expected);
    },
  );
});

/** A refusal in the words of the table. */
function refusalInShort(status: number, { error }: any): string {
  expect(status).toBe(403);
  if (error.code === 'PERMISSION_MISSING') return 'no right';
  const closed = /^The (key|vault|identity) .* is not open to /.exec(
    error.message,
  );
  return closed ? `closed ${closed[1]}` : error.message;
}

/** The rows of a table, without the padding. */
function tableOf(policy: string): string[] {
  const text = readFileSync(join(__dirname, '__fixtures__/matrix.md'), 'utf8');
  const section = text.split(/^## /m).find(one => one.startsWith(policy)) ?? '';
  return section
    .split('\n')
    .filter(line => line.startsWith('| '))
    .slice(2)
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim())
        .join(' | '),
    );
}
