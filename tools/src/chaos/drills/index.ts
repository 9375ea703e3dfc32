import type { DrillReport } from '../evidence';
import { campaignDrill } from './campaigns';
import { drills } from './drills';
import type { Stage } from './Stage';

export { inventoryDifferences } from './inventory';
export { Stage } from './Stage';

/** Runs all drills at the same time. */
export function runDrills(stage: Stage): Promise<DrillReport[]> {
  return Promise.all(
    [...drills, campaignDrill].map(async ({ name, run }) => {
      stage.world.note(`drill begins: ${name}`);
      try {
        await run(stage);
        stage.world.note(`drill ends: ${name}`);
        return { name };
      } catch (error) {
        stage.world.note(`drill fails: ${name}: ${(error as Error).stack}`);
        await stage.noteTasks();
        return { name, problem: (error as Error).message };
      }
    }),
  );
}
