/**
 * Outcomes by the gate: five people request every intent, on an own and a shared key, with keys and identities
 * of their own, of others, and of closed vaults. The expected answers are the tables of
 * `__fixtures__/matrix.md`. `matrix.all.test.ts` carries out the owner's column over REST.
 */
import { startTeamGate } from '../../__testUtils__/teamGate';
import { cellOf, tableOf } from './__testUtils__/matrix';
import { requestsOf } from './__testUtils__/requests';
import { PEOPLE, POLICIES } from './__testUtils__/teams';

// Each table takes hundreds of plans.
jest.setTimeout(120_000);

describe('access to keys', () => {
  let teams: Awaited<ReturnType<typeof startTeamGate>>;
  beforeAll(async () => {
    teams = await startTeamGate();
  });
  afterAll(() => teams.stop());

  it.each(Object.keys(POLICIES) as (keyof typeof POLICIES)[])(
    'is as the table of the %s policy says',
    async name => {
      const expected = tableOf(name);
      const requests = requestsOf(
        key =>
          teams.azure.state.key('kv-contoso-rbac', key).versions[0].version,
      );
      // The second table has what is not as in the first one.
      const listed = requests.filter(
        ([request]) => name === 'sample' || expected.has(request),
      );
      const seen = new Map<string, Record<string, string>>();
      for (const [request, asked] of listed) {
        if (asked.revokedBy) {
          teams.decide(() => true);
          await teams.startAgain();
          await teams.revoke(asked);
        }
        teams.decide(POLICIES[name]);
        teams.azure.clearRequests();
        const cells: Record<string, string> = {};
        for (const [person, user] of Object.entries(PEOPLE)) {
          cells[person] = cellOf(
            await teams.plan(user, asked).catch(error => error),
          );
        }
        seen.set(request, cells);
        expect(teams.writes()).toEqual([]);
        if (asked.revokedBy) await teams.startAgain();
      }
      expect(seen).toEqual(expected);
    },
  );
});
