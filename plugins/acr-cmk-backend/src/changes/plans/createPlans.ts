import type { CatalogLinks } from '../../catalog/CatalogLinks';
import type { OperationQueries } from '../../engine/OperationQueries';
import type { Inventory } from '../../inventory/Inventory';
import type { Context } from '../../platform/context';
import { Gate } from '../gate/Gate';
import type { PermissionChecker } from '../gate/PermissionChecker';
import { RequestRecorder } from '../gate/RequestRecorder';
import { PlanMaker } from './PlanMaker';
import { PlanService } from './PlanService';
import { PlanStore } from './PlanStore';

/** Plans, and the gate that decides about them. */
export interface Plans {
  plans: PlanStore;
  planMaker: PlanMaker;
  gate: Gate;
  recorder: RequestRecorder;
  planService: PlanService;
}

export async function createPlans(
  context: Context,
  parts: {
    inventory: Inventory;
    operations: OperationQueries;
    catalog: CatalogLinks;
    permissionChecker: PermissionChecker;
  },
): Promise<Plans> {
  const { db, azure, config, tasks } = context;
  const { inventory, operations, catalog, permissionChecker } = parts;
  const plans = new PlanStore({ db, cloud: config.cloud });
  const planMaker = new PlanMaker({
    inventory,
    operations,
    azure,
    allows: config.allows,
  });
  const gate = new Gate({
    config,
    backends: context.backends,
    catalog,
    permissionChecker,
    plans: planMaker,
  });
  const recorder = new RequestRecorder(context, permissionChecker);
  const planService = new PlanService(context, {
    gate,
    plans,
    catalog,
    recorder,
  });
  await tasks.every(10, {
    id: 'acr-cmk-expired-plans',
    fn: () => planService.sweep(),
  });
  return { plans, planMaker, gate, recorder, planService };
}
