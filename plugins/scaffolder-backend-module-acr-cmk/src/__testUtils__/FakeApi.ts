import { randomUUID } from 'node:crypto';
import type { Operation, Plan } from 'backstage-plugin-acr-cmk-common';
import type { Ports } from '../ports';

export const REGISTRY =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop/providers/Microsoft.ContainerRegistry/registries/shopimages';
const KEY = 'https://kv-contoso-rbac.vault.azure.net/keys/shopimages';
export const OLD = '0123456789abcdef0123456789abcdef';
export const NEW = 'fedcba9876543210fedcba9876543210';

type Handler = (request: {
  method: string;
  path: string;
  body: any;
  authorization: string;
}) =>
  | Promise<{ status: number; body: object }>
  | { status: number; body: object };

/**
 * The API of the backend as far as these tests need it: plans, operations and their idempotency.
 * A test sets what it wants in the fields, and an answer that is to be different in `next`.
 */
export class FakeApi {
  /** `METHOD path`, in order. */
  requests: string[] = [];
  authorizations = new Set<string>();
  plans = new Map<string, Plan>();
  operations = new Map<string, Operation>();
  accepted = new Map<string, { body: any; id: string }>();
  /** States that an operation shows, one for each look; the last one stays. */
  story: Partial<Operation>[] = [{ state: 'succeeded' }];
  /** Answers instead, once each. */
  next: Array<{ when: RegExp; then: Handler | 'network' | 'lost-answer' }> = [];
  versionInUse = NEW;
  names: string[] = [REGISTRY];
  /** Overrides of a test for the plans. */
  plan: Partial<Plan> = {};
  waited: number[] = [];
  onWait: (() => void) | undefined;

  readonly ports: Ports = {
    auth: {
      isPrincipal: ((credentials: any, type: string) =>
        credentials.principal.type === type) as any,
      getPluginRequestToken: async ({ onBehalfOf, targetPluginId }) => ({
        token: `${
          (onBehalfOf.principal as any).userEntityRef
        }→${targetPluginId}`,
      }),
    },
    discovery: { getBaseUrl: async id => `http://backend.test/api/${id}` },
    fetch: (async (url: string, init: any) => this.#fetch(url, init)) as any,
    sleep: async ms => {
      this.waited.push(ms);
      this.onWait?.();
    },
  };

  async #fetch(url: string, init: any = {}): Promise<Response> {
    const path = url.replace('http://backend.test/api/acr-cmk', '');
    const method = init.method ?? 'GET';
    this.requests.push(`${method} ${path}`);
    this.authorizations.add(init.headers.Authorization);
    const request = {
      method,
      path,
      body: init.body ? JSON.parse(init.body) : undefined,
      authorization: init.headers.Authorization,
    };
    const index = this.next.findIndex(({ when }) =>
      when.test(`${method} ${path}`),
    );
    let handler: Handler = one => this.#answer(one);
    if (index >= 0) {
      const [{ then }] = this.next.splice(index, 1);
      if (then === 'lost-answer') this.#answer(request);
      if (then === 'network' || then === 'lost-answer') {
        throw new TypeError('fetch failed');
      }
      handler = then;
    }
    const { status, body } = await handler(request);
    return new Response(JSON.stringify(body), {
      status,
      headers: { 'content-type': 'application/json' },
    });
  }

  #answer({ method, path, body }: Parameters<Handler>[0]): {
    status: number;
    body: object;
  } {
    if (method === 'POST' && path === '/v1/plans') {
      const plan = { ...planOf(body), ...this.plan };
      this.plans.set(plan.id, plan);
      return { status: 201, body: plan };
    }
    if (method === 'POST' && path === '/v1/operations') {
      const earlier = this.accepted.get(body.idempotencyKey);
      if (earlier) {
        return JSON.stringify(earlier.body) === JSON.stringify(body)
          ? { status: 202, body: this.operations.get(earlier.id)! }
          : refusal(409, 'ConflictError', 'IDEMPOTENCY_KEY_REUSED', 'Reused');
      }
      const plan = this.plans.get(body.planId);
      if (!plan) return refusal(404, 'NotFoundError', 'PLAN_UNKNOWN', 'None');
      const operation = operationOf(plan, body.reason);
      this.operations.set(operation.id, operation);
      this.accepted.set(body.idempotencyKey, { body, id: operation.id });
      return { status: 202, body: operation };
    }
    const [, id, what] =
      /^\/v1\/operations\/([^/]+)(?:\/(\w+))?$/.exec(path) ?? [];
    const operation = this.operations.get(id ?? '');
    if (operation && method === 'GET') {
      const [now] = this.story;
      if (this.story.length > 1) this.story.shift();
      Object.assign(operation, now, { revision: operation.revision + 1 });
      return { status: 200, body: operation };
    }
    if (operation && what === 'cancel') {
      Object.assign(operation, {
        state: 'cancelled',
        result: { message: `Cancelled: ${body.reason}` },
      });
      return { status: 200, body: operation };
    }
    if (/\/registries(\?|$)/.test(path)) {
      return {
        status: 200,
        body: {
          entityRef: 'resource:default/shop-images',
          registries: this.names.map(registryId => ({
            kind: 'registry',
            registryId,
            encryption: {
              keyIdentifier: KEY,
              versionedKeyIdentifier: `${KEY}/${this.versionInUse}`,
            },
            name: 'shopimages',
            state: { id: 'current', message: 'Up to date.' },
            versionMode: 'automatic',
            key: { known: true, latestVersion: this.versionInUse },
            findings: [],
          })),
        },
      };
    }
    return refusal(404, 'NotFoundError', 'UNKNOWN', `${method} ${path}`);
  }
}

export function refusal(
  status: number,
  name: string,
  code: string,
  message: string,
) {
  return {
    status,
    body: { error: { name, message, code }, response: { statusCode: status } },
  };
}

function planOf(request: any): Plan {
  const fields = {
    status: 'enabled',
    keyIdentifier: KEY,
    identity: 'c1',
    keyRotationEnabled: true,
  } as const;
  return {
    id: randomUUID(),
    hash: 'a'.repeat(64),
    createdAt: '2026-11-25T10:00:00Z',
    expiresAt: '2026-11-25T10:15:00Z',
    entityRef: request.entityRef,
    registryId: request.registryId,
    registryName: 'shopimages',
    intent: request.intent,
    summary: 'A new version of shopimages is made.',
    before: { ...fields, versionedKeyIdentifier: `${KEY}/${OLD}` },
    after: { ...fields, versionedKeyIdentifier: '<new version>' },
    checks: [
      { id: 'key', status: 'pass', message: 'The key is enabled.' },
      {
        id: 'consumers',
        status: 'warn',
        message: 'Another registry uses it.',
        remedy: 'Tell its owner.',
      },
    ],
    steps: [
      {
        kind: 'rotate',
        title: 'Create a new version',
        target: 'k',
        writes: true,
      },
    ],
    consumers: [
      {
        registryId: REGISTRY,
        registryName: 'baseimages',
        self: false,
        inCatalog: true,
        entities: [{ entityRef: 'resource:default/base-images' }],
        hiddenEntities: 1,
      },
    ],
    inverse: { available: true, message: 'Point it back.' },
    confirmation: { typedName: null },
    approval: { required: false },
    waitingSeconds: 0,
    blocked: false,
  };
}

function operationOf(plan: Plan, reason: string): Operation {
  return {
    id: randomUUID(),
    revision: 1,
    state: 'queued',
    intent: plan.intent,
    entityRef: plan.entityRef,
    registryId: plan.registryId,
    registryName: plan.registryName,
    plan,
    reason,
    requestedBy: 'user:default/olivia',
    createdAt: '2026-11-25T10:00:01Z',
    steps: [],
    result: null,
    actions: [],
  };
}
