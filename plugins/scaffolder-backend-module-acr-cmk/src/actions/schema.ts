import { REASON_MAX_LENGTH } from 'backstage-plugin-acr-cmk-common';
import type { z as zod } from 'zod/v3';

type Zod = typeof zod;

/** Which registry. */
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
    z
      .string()
      .min(1)
      .max(400)
      .describe(
        'ARM id of the registry. Only needed when the entity names more than one',
      )
      .optional(),
};

/** What every change asks for. */
export const changeInput = {
  reason: (z: Zod) =>
    z
      .string()
      .min(3)
      .max(REASON_MAX_LENGTH)
      .describe('Why, in one line, for the record'),
  wait: (z: Zod) =>
    z
      .boolean()
      .default(true)
      .describe(
        'Follow the operation to its end. With false the step ends as soon as the operation is accepted; use it for what waits longer than a session lasts, such as an approval until tomorrow',
      ),
};

export const versionMode = (z: Zod) =>
  z
    .enum(['automatic', 'manual'])
    .describe(
      'automatic: the registry follows new versions of its key. manual: it stays on one until that is changed',
    );

export const existingKey = (z: Zod) =>
  z
    .object({
      kind: z.literal('existing'),
      keyIdentifier: z
        .string()
        .min(1)
        .max(300)
        .describe(
          'URI of a key: without a version the registry follows new versions, with one it stays on it',
        ),
    })
    .strict();

export const newKey = (z: Zod) =>
  z
    .object({
      kind: z.literal('new-key'),
      vaultName: z
        .string()
        .regex(/^[A-Za-z][0-9A-Za-z-]{1,22}[0-9A-Za-z](\.managedhsm)?$/)
        .describe('3 to 24 letters, digits and hyphens'),
      keyName: z
        .string()
        .regex(/^[0-9A-Za-z-]{1,127}$/)
        .describe('Letters, digits and hyphens'),
      mode: versionMode(z).optional(),
      type: z.enum(['RSA', 'RSA-HSM']).optional(),
      size: z
        .union([z.literal(2048), z.literal(3072), z.literal(4096)])
        .describe('Bits')
        .optional(),
    })
    .strict();

/** What a change gives to the steps after it. */
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
