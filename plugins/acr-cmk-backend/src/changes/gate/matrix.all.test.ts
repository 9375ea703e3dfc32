/**
 * Outcomes for the owner, through the whole product over REST: one column of `__fixtures__/matrix.md`.
 * Everything is carried out that needs nobody else. `matrix.test.ts` compares the other columns, by the gate.
 */
import type { Plan } from 'backstage-plugin-acr-cmk-common';
import { cellOf, tableOf } from './__testUtils__/matrix';
import { type TeamRequest, requestsOf } from './__testUtils__/requests';
import { startTeams, type Teams } from './__testUtils__/startTeams';
import { OTHERS, PEOPLE, POLICIES } from './__testUtils__/teams';

// Each table takes a hundred plans.
jest.setTimeout(300_000);

describe('access to keys, over REST', () => {
  let teams: Teams;
  beforeAll(async () => {
    teams = await startTeams();
  });
  afterAll(() => teams.stop());

  /** Plans a request, and has it carried out as far as that needs nobody else. */
  async function verdict(asked: TeamRequest): Promise<string> {
    await teams.startAgain();
    if (asked.revokedBy) await teams.revoke(asked);
    teams.azure.clearRequests();
    const { status, body } = await teams.plan(PEOPLE.owner, asked);
    expect(teams.writes()).toEqual([]);
    if (status !== 201) {
      expect(status).toBe(403);
      return cellOf(body.error);
    }
    const plan: Plan = body;
    const cell = cellOf(plan);
    if (plan.blocked) return cell;
    const accepted = await teams.accept(PEOPLE.owner, plan);
    expect(accepted.status).toBe(202);
    if (plan.approval.required) {
      expect(accepted.body.state).toBe('awaiting-approval');
      expect(teams.writes()).toEqual([]);
      return cell;
    }
    const { state, result } = await teams.portal.untilEnded(accepted.body.id);
    expect([state, result?.message]).toEqual(['succeeded', expect.anything()]);
    const reached = teams.writes().join('\n').toLowerCase();
    expect(OTHERS.filter(name => reached.includes(name))).toEqual([]);
    return cell;
  }

  it.each(Object.keys(POLICIES) as (keyof typeof POLICIES)[])(
    'the owner may have what the table of the %s policy says',
    async name => {
      teams.portal.decide(POLICIES[name]);
      const expected = [...tableOf(name)].map(([request, { owner }]) => [
        request,
        owner,
      ]);
      const requests = new Map(
        requestsOf(
          key =>
            teams.azure.state.key('kv-contoso-rbac', key).versions[0].version,
        ),
      );
      const seen: string[][] = [];
      for (const [request] of expected) {
        seen.push([request, await verdict(requests.get(request)!)]);
      }
      expect(seen).toEqual(expected);
    },
  );
});
