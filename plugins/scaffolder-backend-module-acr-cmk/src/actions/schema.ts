import { apiZod } from 'backstage-plugin-acr-cmk-common';
import type { z as zod } from 'zod/v3';

type Zod = typeof zod;

/** Input that names the registry. */
export const registryInput = {
  entityRef: (z: Zod) =>
    z
      .string()
      .min(1)
      .max(200)
      .describe(
        'The catalog entity that names the registry in its annotations, such as resource:default/shop-images',
      ),
  registryId: (z: Zod) =>
    apiZod(z, 'ArmId')
      .describe(
        'ARM id of the registry. Only needed when the entity names more than one',
      )
      .optional(),
};

/** Input of every change. */
export const changeInput = {
  reason: (z: Zod) =>
    apiZod(z, 'Reason').describe('Why, in one line, for the record'),
  wait: (z: Zod) =>
    z
      .boolean()
      .default(true)
      .describe(
        'Follow the operation to its end. With false the step ends as soon as the operation is accepted; use it for what waits longer than a session lasts, such as an approval until tomorrow',
      ),
};

/** Output of every change, for the steps after it. */
export const changeOutput = {
  operationId: (z: Zod) =>
    z.string().describe('Absent after a dry run').optional(),
  state: (z: Zod) =>
    z
      .string()
      .describe(
        'Of the operation: `succeeded`; with `wait: false` where it stands; `planned` after a dry run',
      ),
  message: (z: Zod) => z.string().describe('What was done, in one message'),
  planHash: (z: Zod) => z.string().describe('Of the plan that was carried out'),
  registryId: (z: Zod) => z.string().describe('ARM id of the registry'),
  versionBefore: (z: Zod) =>
    z.string().describe('Key version in use before').optional(),
  versionAfter: (z: Zod) =>
    z
      .string()
      .describe('Key version in use after it, when that could be read')
      .optional(),
  link: (z: Zod) =>
    z.string().describe("Path of the entity's Encryption tab in the portal"),
};
