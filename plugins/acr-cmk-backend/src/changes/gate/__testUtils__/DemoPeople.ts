/** People and teams on the demo world, with the sample's policy, and what they ask of the product. */
import type { Intent, Operation, Plan } from 'backstage-plugin-acr-cmk-common';
import {
  acceptanceOf,
  person,
  registryId,
  resource,
  startPortal,
  type TestPortal,
} from '../../../__testUtils__/portal';

/** Owning team by entity. `sharedbase`, `sharedtools` and `shareddata` use one key; the last is nobody's. */
const OWNERS: Record<string, string> = {
  'shop-images': 'team-shop',
  'shared-base': 'team-shop',
  'catalog-images': 'team-payments',
  'shared-tools': 'team-payments',
  'payments-images': 'team-payments',
};
const TEAMS: Record<string, string> = {
  olivia: 'team-shop',
  daniel: 'team-payments',
  priya: 'platform-team',
  paul: 'platform-team',
};
export const entities = [
  resource('shop-images', registryId('shopimages')),
  resource('shared-base', registryId('sharedbase', 'rg-platform')),
  resource('catalog-images', registryId('catalogimages'), 'team-payments'),
  resource('payments-images', registryId('paymentsimages'), 'team-payments'),
  resource(
    'shared-tools',
    registryId('sharedtools', 'rg-platform'),
    'team-payments',
  ),
  ...Object.entries(TEAMS).map(([name, team]) => person(name, team)),
  person('vera'),
];

/** Variant of the sample policy in which every team reads: owners rotate, every team creates, the platform does the rest. */
export const policy = (
  permission: string,
  entityRef: string | undefined,
  user: string,
) => {
  const team = TEAMS[user];
  if (!team) return false;
  if (team === 'platform-team') return true;
  return (
    [
      'acr-cmk.use',
      'acr-cmk.registry.read',
      'acr-cmk.registry.create',
    ].includes(permission) ||
    (permission === 'acr-cmk.key.rotate' &&
      OWNERS[entityRef?.replace(/^.*\//, '') ?? ''] === team)
  );
};

/** Entity, registry, and its resource group where it is not rg-shop. */
export type Place = [entity: string, registry: string, group?: string];
export const SHOP: Place = ['shop-images', 'shopimages'];
export const BASE: Place = ['shared-base', 'sharedbase', 'rg-platform'];
export const TOOLS: Place = ['shared-tools', 'sharedtools', 'rg-platform'];

/** A backend of its own for each test. */
export class DemoPeople {
  portal!: TestPortal;

  async start(
    config?: Record<string, unknown>,
    more?: Pick<
      Parameters<typeof startPortal>[0] & object,
      'db' | 'hides' | 'entities'
    >,
  ) {
    this.portal = await startPortal({ config, entities, ...more });
    this.portal.decide(policy);
  }

  stop() {
    return this.portal.stop();
  }

  planAs(
    user: string,
    [entity, registry, group]: Place,
    intent: Intent,
  ): Promise<Plan> {
    return this.portal.as(user).plan({
      entityRef: `resource:default/${entity}`,
      registryId: registryId(registry, group),
      intent,
    });
  }

  acceptAs(
    user: string,
    plan: Plan,
    confirmation?: string,
  ): Promise<Operation> {
    return this.portal
      .as(user)
      .accept(acceptanceOf(plan, { reason: 'Tried in a test', confirmation }));
  }

  /** Invokes an action as an MCP server does. */
  invoke(user: string, action: string, input: object) {
    return this.portal.request(
      'POST',
      `/.backstage/actions/v2/actions/acr-cmk:${action}/invoke`,
      { user, body: { input } },
    );
  }
}

/** For a test file whose tests each start a backend of their own: it is stopped after each. */
export function withDemoPeople(): DemoPeople {
  const people = new DemoPeople();
  afterEach(() => people.stop());
  return people;
}
