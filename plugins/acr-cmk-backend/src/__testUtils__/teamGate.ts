import { randomUUID } from 'node:crypto';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  type LoggedRequest,
  startEmulator,
  trustInThisProcess,
} from 'azure-emulator';
import type { Intent, Plan } from 'backstage-plugin-acr-cmk-common';
import { openSqlite } from './databases';
import { SCOPES } from './demoWorld';
import { credentialsOf, portsTo, startEngine } from './engine';
import { nameOf, portalCatalog } from './portalCatalog';
import { CatalogLinks } from '../catalog/CatalogLinks';
import { changeOf } from '../domain/plan/change';
import { readConfig } from '../platform/config';
import { toPlan } from '../changes/plans/toPlan';
import {
  Gate,
  type PlanSource,
  requireAllowed,
  type Verdict,
} from '../changes/gate/Gate';
import { PermissionChecker } from '../changes/gate/PermissionChecker';
import { openClosedVault } from '../changes/gate/__testUtils__/openClosedVault';
import type { TeamRequest } from '../changes/gate/__testUtils__/requests';
import {
  CONFIG,
  ENTITIES,
  type Policy,
} from '../changes/gate/__testUtils__/teams';

const isWrite = ({ method, path }: LoggedRequest) =>
  method !== 'GET' &&
  !/(\/token|\/oauth2\/exchange|checkNameAvailability|ResourceGraph\/resources)$/i.test(
    path.split('?')[0],
  );

/** The gate of the product by itself, with the teams, over the emulated Azure. */
export async function startTeamGate() {
  const azure = await startEmulator({
    world: 'demo',
    operationSeconds: 0,
    rolePropagationSeconds: 0,
  });
  const disconnect = trustInThisProcess(azure);
  await openClosedVault(azure);
  const start = azure.snapshot();
  const ports = portsTo(azure);
  const config = readConfig(
    mockServices.rootConfig({
      data: {
        acrCmk: {
          ...CONFIG,
          scopes: SCOPES,
          azure: { credentials: credentialsOf(azure) },
        },
      },
    }),
  );
  let policy: Policy = () => true;
  const permissions = mockServices.permissions.mock({
    authorize: async (requests, asked) =>
      requests.map(request => ({
        result: policy(
          request.permission.name,
          'resourceRef' in request ? String(request.resourceRef) : undefined,
          nameOf(asked),
        )
          ? AuthorizeResult.ALLOW
          : AuthorizeResult.DENY,
      })),
  });

  const changeOfRequest = ({ entity, registryId, intent }: TeamRequest) =>
    changeOf({
      entityRef: `resource:default/${entity}`,
      registryId,
      intent,
    });
  const open = async () => startEngine(ports, await openSqlite(), azure);
  const gateOver = (
    { rows, planMaker }: Awaited<ReturnType<typeof open>>,
    {
      plans = planMaker,
      approvals = config.approvals,
    }: { plans?: PlanSource; approvals?: typeof config.approvals } = {},
  ) =>
    new Gate({
      config,
      backends: {
        strictestApprovals: async () => ({ ...config, approvals }),
      },
      catalog: new CatalogLinks({
        catalog: portalCatalog({ entities: ENTITIES }),
        auth: mockServices.auth(),
        links: rows.links,
      }),
      permissionChecker: new PermissionChecker({ permissions }),
      plans,
    });
  let engine = await open();
  let gate = gateOver(engine);

  return {
    azure,
    decide(next: Policy) {
      policy = next;
    },
    /** @throws the gate's refusal */
    async plan(user: string, asked: TeamRequest): Promise<Plan> {
      const planId = randomUUID();
      const change = changeOfRequest(asked);
      const verdict = await gate.ask({
        asker: {
          kind: 'requester',
          credentials: mockCredentials.user(`user:default/${user}`),
        },
        change,
        planId,
      });
      const { made, needs } = requireAllowed(planId, verdict);
      return toPlan({ planId, change, made, now: 0, needs, waitingSeconds: 0 });
    },
    /**
     * Answers of the gate about one plan, to somebody with every permission: with each of these approvals
     * required by itself.
     */
    async under(
      kinds: readonly Intent['kind'][],
      asked: TeamRequest,
    ): Promise<[kind: Intent['kind'], verdict: Verdict][]> {
      const planId = randomUUID();
      let made: ReturnType<PlanSource['make']> | undefined;
      const plans: PlanSource = {
        make: input => (made ??= engine.planMaker.make(input)),
      };
      const verdicts: [Intent['kind'], Verdict][] = [];
      for (const kind of kinds) {
        const verdict = await gateOver(engine, {
          plans,
          approvals: new Set([kind]),
        }).ask({
          asker: {
            kind: 'requester',
            credentials: mockCredentials.user('user:default/priya'),
          },
          change: changeOfRequest(asked),
          planId,
        });
        verdicts.push([kind, verdict]);
      }
      return verdicts;
    },
    /** Requests that changed something in Azure. */
    writes: () => azure.requests().filter(isWrite),
    /** Revokes the key of the registry, for a restore. */
    async revoke({ registryId, revokedBy }: TeamRequest) {
      const intent: Intent = { kind: 'revoke', method: revokedBy };
      const { id } = await engine.accept(registryId, intent);
      const { state } = await engine.runToEnd(id);
      if (state !== 'succeeded') throw new Error(`The revoke ${state}`);
    },
    /** Azure as at the start, and an empty database. */
    async startAgain() {
      azure.restore(start);
      await engine.stop();
      engine = await open();
      gate = gateOver(engine);
    },
    async stop() {
      await engine.stop();
      disconnect();
      await azure.close();
    },
  };
}
