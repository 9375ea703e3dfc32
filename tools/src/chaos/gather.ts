import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  AcrCmkClient,
  CampaignReport,
} from 'backstage-plugin-acr-cmk-common';
import type { History } from './client/History';
import {
  type Evidence,
  type OperationRow,
  readAudit,
  readCampaigns,
  readLocks,
  readOperations,
} from './evidence';
import { type AzureState, keysOf, readAzureState } from './world/azureState';
import { buildScene } from './drills/scene';
import { OWN_REGISTRIES, TARGETS } from './world/people';
import { World } from './world/World';

/** Makes Azure with the registries of the drills, and reads it before anybody has changed it. Its process must not run yet. */
export async function stateBefore(folder: string): Promise<AzureState> {
  const principals = await buildScene(World.azureFolder(folder));
  return readAzureState(World.azureFolder(folder), state => ({
    keys: keysOf(state, [
      ...TARGETS.map(({ registry }) => registry),
      ...OWN_REGISTRIES,
    ]),
    vaults: [],
    principals,
  }));
}

const unique = (values: unknown[]) => [
  ...new Set(
    values.filter((value): value is string => typeof value === 'string'),
  ),
];

/** Principal of a role assignment, as `AzureState` names it. */
const principalOf = (assignment: string) => assignment.split('/').at(-2);

/** Azure as it is now, in everything that was there before or that an operation is about. */
function stateAfter(
  folder: string,
  operations: readonly OperationRow[],
  before: AzureState,
) {
  const specs = operations.flatMap(({ steps }) =>
    steps.map(({ spec }) => spec),
  );
  return readAzureState(World.azureFolder(folder), () => ({
    keys: unique([
      ...Object.keys(before.keys),
      ...specs.map(({ key }) =>
        key?.toLowerCase().replace(/\/[0-9a-f]{32}$/, ''),
      ),
    ]),
    vaults: unique(
      specs.map(({ vaultId }) => vaultId?.split('/').at(-1).toLowerCase()),
    ),
    principals: unique([
      ...before.roleAssignments.map(principalOf),
      ...specs.map(({ assignment }) => assignment?.principalId),
      ...operations.flatMap(({ outputs }) => [
        outputs.systemPrincipalId,
        outputs.createdIdentity?.principalId,
      ]),
    ]),
  }));
}

/** The whole record, as the API gives it out. */
async function exportAudit(client: AcrCmkClient): Promise<object[]> {
  const records: { seq: number }[] = [];
  for (;;) {
    const page = await client.audit({
      after: records.at(-1)?.seq ?? 0,
      limit: 500,
    });
    if (page.length === 0) return records;
    records.push(...page);
  }
}

/** Runs `acr-cmk-audit verify`. */
function verify(...args: string[]): { exitCode: number; output: string } {
  const tool =
    require.resolve('backstage-plugin-acr-cmk-backend/bin/acr-cmk-audit.js');
  try {
    const output = execFileSync(process.execPath, [tool, 'verify', ...args], {
      encoding: 'utf8',
    });
    return { exitCode: 0, output };
  } catch (error) {
    const { status, stdout } = error as { status: number; stdout: string };
    return { exitCode: status, output: stdout };
  }
}

/** The record and the reports of campaigns, as the API gives them out, and how the tool finds them. */
async function verified(
  folder: string,
  client: AcrCmkClient,
  campaigns: readonly { id: string }[],
): Promise<Pick<Evidence, 'chain' | 'reports'>> {
  const reports: CampaignReport[] = [];
  const options: string[] = [];
  for (const { id } of campaigns) {
    const report = await client.campaigns.report(id);
    const file = join(folder, `campaign-${id}.json`);
    writeFileSync(file, JSON.stringify(report));
    reports.push(report);
    options.push('--report', file);
  }
  const records = await exportAudit(client);
  const file = join(folder, 'audit.json');
  writeFileSync(file, JSON.stringify({ items: records }));
  return {
    chain: { ...verify(file), records: records.length },
    reports: { reports, ...verify(...options, file) },
  };
}

/** Gathers what a run has left behind. Ends the backends and Azure: nothing may change any more. */
export async function gather(
  world: World,
  of: {
    history: History;
    before: AzureState;
    pulls: Evidence['pulls'];
    restoresRefused: Evidence['restoresRefused'];
    operationsWhenEnded: OperationRow[];
    drills: Evidence['drills'];
    timers: Evidence['timers'];
    inventory: Evidence['inventory'];
  },
): Promise<Evidence> {
  const { folder, azure, backends, database } = world;
  const campaigns = await readCampaigns(database.db);
  const { chain, reports } = await verified(
    folder,
    backends[0].as('olivia'),
    campaigns,
  );
  await Promise.all(backends.map(({ process }) => process.stop()));
  await azure.readLog();
  await azure.stop();
  const operations = await readOperations(database.db);
  const evidence: Evidence = {
    history: of.history,
    log: azure.log,
    azure: {
      before: of.before,
      after: await stateAfter(folder, operations, of.before),
    },
    pulls: of.pulls,
    restoresRefused: of.restoresRefused,
    operations,
    operationsWhenEnded: of.operationsWhenEnded,
    campaigns,
    reports,
    approvals: world.approvals,
    locks: await readLocks(database.db),
    audit: await readAudit(database.db),
    chain,
    endedByThemselves: world.endedByThemselves,
    drills: of.drills,
    timers: of.timers,
    inventory: of.inventory,
  };
  writeFileSync(
    join(folder, 'evidence.json'),
    JSON.stringify(evidence, undefined, 1),
  );
  return evidence;
}
