import type { Plan } from 'backstage-plugin-acr-cmk-common';
import { openSqlite } from '../../../__testUtils__/databases';
import { acceptanceOf, startPortal } from '../../../__testUtils__/portal';
import { openClosedVault } from './openClosedVault';
import type { TeamRequest } from './requests';
import { CONFIG, ENTITIES, PEOPLE } from './teams';

export type Teams = Awaited<ReturnType<typeof startTeams>>;

/** A whole product with the teams in it, and what a test asks of it. */
export async function startTeams() {
  const db = await openSqlite();
  const portal = await startPortal({
    config: CONFIG,
    limits: { waitingRequests: 10_000 },
    entities: ENTITIES,
    db,
  });
  const { azure } = portal;
  await openClosedVault(azure);
  const start = azure.snapshot();

  const teams = {
    portal,
    azure,
    plan: (user: string, { entity, registryId: id, intent }: TeamRequest) =>
      portal.request('POST', '/v1/plans', {
        user,
        body: {
          entityRef: `resource:default/${entity}`,
          registryId: id,
          intent,
        },
      }),
    accept: (user: string, plan: Plan) =>
      portal.request('POST', '/v1/operations', {
        user,
        body: acceptanceOf(plan, {
          reason: 'Tried in the matrix',
          confirmation: plan.confirmation.typedName ?? undefined,
        }),
      }),
    /** The platform team takes the key away first, for what restores it. */
    async revoke({ revokedBy, ...asked }: TeamRequest) {
      const { body } = await teams.plan(PEOPLE.platform, {
        ...asked,
        intent: { kind: 'revoke', method: revokedBy },
      });
      const { body: operation } = await teams.accept(PEOPLE.platform, body);
      const { state } = await portal.untilEnded(operation.id);
      if (state !== 'succeeded') throw new Error(`The revoke ${state}`);
    },
    /** Requests that changed something. A name is asked about with POST. */
    writes: () =>
      portal.writes().filter(one => !/checkNameAvailability$/.test(one)),
    /** As at the start: in Azure, and what is known and kept of it. */
    async startAgain() {
      azure.restore(start);
      for (const table of [
        'registry_losses',
        'operation_locks',
        'operation_steps',
        'operations',
        'plans',
        'facts',
      ]) {
        await db(table).delete();
      }
    },
    stop: () => portal.stop(),
  };
  return teams;
}
