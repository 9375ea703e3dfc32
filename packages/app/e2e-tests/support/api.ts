import { expect } from '@playwright/test';
import { DemoUser, Portal } from './Portal';

/** Path of the plugin's API. */
export const API = '/api/acr-cmk/v1';

/** Resource group of the shop's registries. */
export const GROUP =
  '/subscriptions/11111111-2222-4333-8444-555555555555/resourceGroups/rg-shop';

/** ARM id of a registry of the shop. */
export const registryId = (name: string) =>
  `${GROUP}/providers/Microsoft.ContainerRegistry/registries/${name}`;

/** Reads the registry of an entity from the API, which reads it from Azure. */
export async function stateOf(portal: Portal, entity: string) {
  const { status, body } = await portal.api(
    'priya',
    'GET',
    `${API}/entities/resource/default/${entity}/registries?refresh=true`,
  );
  expect(status, JSON.stringify(body)).toBe(200);
  return body.registries[0];
}

/** Plans an intent and accepts it, as a user. @returns the id of the operation */
export async function accept(
  portal: Portal,
  user: DemoUser,
  of: {
    entity: string;
    registry: string;
    intent: object;
    reason: string;
  },
): Promise<string> {
  const plan = await portal.api(user, 'POST', `${API}/plans`, {
    entityRef: `resource:default/${of.entity}`,
    registryId: registryId(of.registry),
    intent: of.intent,
  });
  expect(plan.status, JSON.stringify(plan.body)).toBe(201);
  const { status, body } = await portal.api(user, 'POST', `${API}/operations`, {
    planId: plan.body.id,
    planHash: plan.body.hash,
    reason: of.reason,
    idempotencyKey: `browser-test-${plan.body.id}`,
  });
  expect(status, JSON.stringify(body)).toBe(202);
  return body.id;
}

/** Reads the state of an operation, for `expect.poll`. */
export const operationState = (portal: Portal, id: string) => async () =>
  (await portal.api('priya', 'GET', `${API}/operations/${id}`)).body.state;
