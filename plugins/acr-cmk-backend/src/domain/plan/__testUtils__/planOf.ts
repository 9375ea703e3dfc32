import {
  openApiDocument,
  type RevokeMethodId,
} from 'backstage-plugin-acr-cmk-common';
import { grantMethods } from '../revoke/byGrant';
import { keyMethods } from '../revoke/byKey';
import {
  type Change,
  bundleWith,
  encryptedRegistryWith,
} from '../../../__testUtils__/encryptedRegistries';
import type { ChangeIntent, ExistingRegistryIntent } from '../intent';
import { definitionOf } from '../intents';
import type { KnownServices } from '../otherServices';
import { guidsFrom, type PlanContext, type PlanDraft } from '../draft';

const { registry } = bundleWith();
/** Nothing is known of other Azure services. */
export const NO_SERVICES: KnownServices = {
  services: [],
  lookedAt: { state: 'no', types: [], notReadable: [] },
};

/** Everything is configured and allowed, and no other registry is known. */
export const CONTEXT: PlanContext = {
  registries: [registry],
  elsewhere: [],
  registriesComplete: true,
  ...NO_SERVICES,
  lacksKey: false,
  disabledVersions: new Set(),
  revokes: [],
  credentials: { rotate: true, revoke: true },
  allows: { retire: true, deleteKey: true },
  guid: guidsFrom('a test'),
};

/** A key that is not there. */
export const MISSING = {
  known: false,
  problem: { kind: 'not-found', code: 'KeyNotFound', message: 'no such key' },
} as const;

/** Plan of an intent for a registry as the change has it. */
export const plan = (
  intent: ChangeIntent,
  change: Change = {},
  context: Partial<PlanContext> = {},
): PlanDraft => {
  const encrypted = encryptedRegistryWith(change);
  const target =
    intent.kind === 'rotate'
      ? {
          key: encrypted.key,
          vault: encrypted.vault,
          keyFacts: encrypted.keyFacts,
          assignments: encrypted.assignments,
        }
      : undefined;
  const definition = definitionOf(
    intent,
  ) as ExistingRegistryIntent<ChangeIntent>;
  return definition.plan(encrypted, intent, {
    ...CONTEXT,
    target,
    ...context,
  });
};

export const statusOf = (draft: PlanDraft, id: string) =>
  draft.checks.find(check => check.id === id)?.status;

export const checkOf = (draft: PlanDraft, id: string) =>
  draft.checks.find(check => check.id === id);

/** Every revoke method of the API, in its order. */
export const METHODS = openApiDocument.components.schemas.RevokeMethodId
  .enum as RevokeMethodId[];

/** Revoke methods that the registry's kind of vault supports. */
export const methodsFor = (change: Change) =>
  METHODS.filter(
    method =>
      !{ ...grantMethods, ...keyMethods }[method](
        encryptedRegistryWith(change),
        CONTEXT,
      ).unsuitable,
  );
