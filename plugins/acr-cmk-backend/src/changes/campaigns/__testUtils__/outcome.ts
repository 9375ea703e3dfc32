import type { Engine } from '../../../__testUtils__/engine';
import { breaksIn } from '../../../platform/audit/chain';
import { contentHash, contentOf } from '../report';
import type { CampaignStore } from '../CampaignStore';
import type { CampaignWorld } from './campaignWorld';

/** The part of a world that says how a campaign has ended. */
type EndedWorld = Pick<CampaignWorld, 'patches'> & {
  store: Pick<CampaignStore, 'require' | 'members' | 'counts'>;
  engine: Pick<Engine, 'audit' | 'db'>;
};

const OTHER_EACH_TIME = new Set([
  'id',
  'operationId',
  'createdAt',
  'startedAt',
  'endedAt',
]);

/** More records than any campaign of a test has. */
const ALL = 100_000;

const withoutIdsAndTimes = (report: ReturnType<typeof contentOf>) =>
  JSON.parse(
    JSON.stringify(report, (field, value) =>
      OTHER_EACH_TIME.has(field) ? undefined : value,
    ),
  );

/**
 * Everything that a report says, without what is another in each run, and the writes in Azure's log. Expects that the audit
 * record is whole and has the hash of the report, and that nothing is locked any more.
 */
export async function outcomeOf(world: EndedWorld, id: string) {
  const campaign = await world.store.require(id);
  const members = await world.store.members(id);
  const counts = await world.store.counts(id);
  const report = contentOf(campaign, members, counts);
  const records = await world.engine.audit.list({ limit: ALL });
  expect(breaksIn(records)).toEqual([]);
  expect(
    records.filter(({ event }) => event === 'campaign-ended'),
  ).toMatchObject([{ details: { reportHash: contentHash(report) } }]);
  expect(await world.engine.db('operation_locks')).toEqual([]);
  return {
    stage: campaign.stage,
    report: withoutIdsAndTimes(report),
    operations: (await world.engine.db('operations').select('*'))
      .map(({ idempotency_key: key, state, approval }) => ({
        key: key.replace(id, 'id'),
        state,
        approval,
      }))
      .sort((a, b) => a.key.localeCompare(b.key)),
    records: records
      .map(({ event, details }) => ({ event, stage: details.stage }))
      .filter(({ event }) => event.startsWith('campaign-')),
    patches: world.patches(),
  };
}

/** Sums of writes by name, of two parts of a run. */
export const sumOf = (
  one: Record<string, number>,
  other: Record<string, number>,
): Record<string, number> =>
  Object.fromEntries(
    [...Object.keys(one), ...Object.keys(other)].map(name => [
      name,
      (one[name] ?? 0) + (other[name] ?? 0),
    ]),
  );
