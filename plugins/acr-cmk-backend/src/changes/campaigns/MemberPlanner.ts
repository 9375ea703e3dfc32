import { randomUUID } from 'node:crypto';
import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  assertNever,
  type CampaignIntent,
  type Check,
  type Intent,
  type KeyIdentifier,
  type RegistryId,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import { toNeed } from '../gate/authoritiesOf';
import type { Gate, UserCredentials, Verdict } from '../gate/Gate';
import { authorityFor } from '../gate/PermissionChecker';
import { registriesRegainingKey } from '../../domain/effects';
import type { MadePlan } from '../../domain/plan/draft';
import type { Registry } from '../../domain/registry';
import {
  type Freshness,
  type Inventory,
  KNOWN,
} from '../../inventory/Inventory';
import { describeStep } from '../../domain/steps';
import { policyInWords } from '../../domain/steps/rotationPolicy';
import { lastPart, shortVersion } from '../../domain/steps/words';
import type { PlanService } from '../plans/PlanService';
import { secondsOf } from './stages';
import { AUTOMATIC, type MemberChanges, type MemberRecord } from './types';

/** The part of a member that is planned. */
type Planned = Pick<MemberRecord, 'registryId' | 'entityRef' | 'key'>;

/** Outcome of a member, as it is stored. */
export type PlannedMember = MemberChanges &
  Pick<MemberRecord, 'outcome' | 'needs'>;

const NO_STEPS = 'The plan has no steps.';
const NOT_PLANNED = {
  plan: null,
  needs: [],
  message: null,
} as const satisfies MemberChanges;

const blocked = (message: string): PlannedMember => ({
  ...NOT_PLANNED,
  outcome: 'blocked',
  message,
});

/** Reason why a member that is a key is not planned: the plan would change a key that nobody has selected. */
const usesAnother = ({ name }: RegistryId, key: KeyIdentifier) =>
  `Registry ${name} cannot change the key ${key.versionless}, because the registry no longer uses that key. Start a new campaign for the keys that are in use now.`;

const messagesOf = (checks: readonly Check[]) =>
  checks.map(({ message }) => message).join(' ');

const capital = (text: string) => text[0].toUpperCase() + text.slice(1);

/** Makes a planner for one preview or retry, which may keep what it learns of these entities. */
export type PlannerFor = (of: {
  entityRefs: readonly string[];
  intent: CampaignIntent;
  credentials: UserCredentials;
}) => Promise<Pick<MemberPlanner, 'plan'>>;

interface MemberPlannerDeps {
  gate: Pick<Gate, 'ask'>;
  plans: Pick<PlanService, 'keep'>;
  inventory: Pick<Inventory, 'registry'>;
  logger: Pick<LoggerService, 'error'>;
}

/**
 * Plans a member as its requester would on the tab of its entity: the gate answers, from known facts. Keeps the plan, and
 * writes nothing to Azure.
 */
export class MemberPlanner {
  readonly #deps: MemberPlannerDeps;

  constructor(deps: MemberPlannerDeps) {
    this.#deps = deps;
  }

  async plan(
    { registryId, entityRef, key }: Planned,
    {
      intent,
      credentials,
      now,
    }: {
      intent: CampaignIntent;
      credentials: UserCredentials;
      /** Moment of all facts: the database is not asked for the time with each of them. */
      now: number;
    },
  ): Promise<PlannedMember> {
    if (entityRef === undefined) {
      throw new Error(`No entity is proven to own ${registryId}`);
    }
    const planId = randomUUID();
    const change = { entityRef, registryId, intent: ordinaryIntent(intent) };
    let verdict: Verdict;
    try {
      const freshness = { ...KNOWN, now };
      const already = await this.#alreadyAutomatic(registryId, {
        intent,
        freshness,
      });
      if (already) return already;
      verdict = await this.#deps.gate.ask({
        asker: { kind: 'requester', credentials },
        change,
        planId,
        freshness,
      });
    } catch (error) {
      return blocked(this.#inWords(error, registryId.toString()));
    }
    switch (verdict.verdict) {
      case 'refused':
        return blocked(verdict.refusal.error.message);
      case 'changed':
        throw new Error('A plan that nobody has agreed to cannot change');
      case 'allowed': {
        const { made, needs } = verdict;
        if (key && made.registry?.key?.keyOfKey !== key.keyOfKey) {
          return blocked(usesAnother(registryId, key));
        }
        const words = withRegained(inWords(intent, made), made);
        const { checks, steps } = made.draft;
        const failed = checks.filter(({ status }) => status === 'fail');
        if (failed.length === 0 && isAlready(intent, made)) {
          return { ...NOT_PLANNED, ...words, outcome: 'already' };
        }
        if (failed.length > 0 || steps.length === 0) {
          return { ...words, ...blocked(messagesOf(failed) || NO_STEPS) };
        }
        const { plan } = await this.#deps.plans.keep({
          planId,
          change: { ...change, entityRef: verdict.entityRef },
          made,
          needs,
          requestedBy: credentials.principal.userEntityRef,
        });
        return {
          ...words,
          outcome: 'change',
          entityRef: verdict.entityRef.toLowerCase(),
          ...(key && {
            registries: made.draft.affected.map(one => one.registryId),
          }),
          plan: {
            planId,
            hash: plan.hash,
            authorities: [
              { permission: registryReadPermission, entityRef },
              authorityFor(change.intent, entityRef),
              ...verdict.requirements,
            ].map(({ permission, entityRef: of }) => ({
              permission: permission.name,
              ...(of && { entityRef: of }),
            })),
            writes: steps.filter(step => describeStep(step).writes).length,
            seconds: secondsOf(steps),
          },
          needs: needs.map(toNeed),
          message:
            messagesOf(checks.filter(({ status }) => status === 'unknown')) ||
            null,
        };
      }
      default:
        return assertNever(verdict);
    }
  }

  /** A registry that stores a versionless identifier needs no permission of anybody to stay as it is. */
  async #alreadyAutomatic(
    registryId: MemberRecord['registryId'],
    { intent, freshness }: { intent: CampaignIntent; freshness: Freshness },
  ): Promise<PlannedMember | undefined> {
    if (intent.kind !== 'automatic-mode') return undefined;
    const fact = await this.#deps.inventory.registry(registryId, freshness);
    const key = fact.known && !fact.refreshProblem ? fact.value.key : undefined;
    return key && key.version === undefined
      ? {
          ...NOT_PLANNED,
          outcome: 'already',
          before: AUTOMATIC,
          after: AUTOMATIC,
        }
      : undefined;
  }

  /** Message of an error that keeps a member from being planned. A fault of ours says only that. */
  #inWords(error: unknown, id: string): string {
    const isAnswer = [
      ConflictError,
      InputError,
      NotAllowedError,
      NotFoundError,
      ServiceUnavailableError,
    ].some(kind => error instanceof kind);
    if (isAnswer) return (error as Error).message;
    this.#deps.logger.error(`${id} could not be planned`, error as Error);
    return 'It could not be planned, because of an error that is in the log of the backend. Create the preview again.';
  }
}

/** The intent of an operation for the named registry of a member. */
export function ordinaryIntent(intent: CampaignIntent): Intent {
  switch (intent.kind) {
    case 'automatic-mode':
      return { kind: 'rotate', key: { kind: 'current', mode: 'automatic' } };
    case 'new-version':
      return { kind: 'rotate' };
    case 'automatic-rotation':
      return {
        kind: 'automatic-rotation',
        rotation: { kind: 'on', policy: intent.policy },
      };
    case 'identity': {
      const { identity, grantAccess } = intent;
      return {
        kind: 'rotate',
        key: { kind: 'current' },
        identity,
        ...(grantAccess !== undefined && { grantAccess }),
      };
    }
    default:
      return assertNever(intent);
  }
}

/** Whether the registry is already as the intent has it, by the plan. */
function isAlready({ kind }: CampaignIntent, { draft }: MadePlan): boolean {
  const { before, after } = draft;
  switch (kind) {
    case 'automatic-mode':
      return before.keyIdentifier === after.keyIdentifier;
    case 'identity':
      return (
        before.identity?.toLowerCase() === after.identity?.toLowerCase() &&
        // To name it again changes nothing; to attach it or to give it access does.
        draft.steps.every(step => step.kind === 'point-registry-at-key')
      );
    case 'automatic-rotation':
      return draft.checks.some(
        ({ id, status }) => id === 'something-to-do' && status === 'warn',
      );
    case 'new-version':
      return false;
    default:
      return assertNever(kind);
  }
}

/** The member before and after, in words. */
function inWords(
  intent: CampaignIntent,
  { draft, registry }: MadePlan,
): { before: string; after: string } {
  switch (intent.kind) {
    case 'automatic-mode':
      return { before: modeInWords(registry), after: AUTOMATIC };
    case 'new-version':
      return { before: versionInWords(registry), after: 'A new version' };
    case 'automatic-rotation': {
      const [change] = draft.changes;
      const after = policyInWords(intent.policy);
      return {
        before: capital(change?.before ?? after),
        after: capital(change?.after ?? after),
      };
    }
    case 'identity': {
      const before = identityInWords(registry, draft.before.identity);
      const after = identityInWords(registry, intent.identity);
      const grants = draft.effects.some(one => one.kind === 'access-granted');
      return {
        before,
        after:
          grants && before === after
            ? `${after}, with access to the key`
            : after,
      };
    }
    default:
      return assertNever(intent);
  }
}

/** The words with what the plan gives back beside the change that was asked for: a person may have revoked it. */
function withRegained(
  { before, after }: { before: string; after: string },
  { draft }: MadePlan,
): { before: string; after: string } {
  const { size } = registriesRegainingKey(draft.effects);
  if (size === 0) return { before, after };
  const whose =
    size === 1 ? 'a registry gets its key' : `${size} registries get their key`;
  return {
    before,
    after: `${after}; ${whose} back, which was revoked or lost`,
  };
}

function modeInWords(registry: Registry | undefined): string {
  const version = registry?.key?.version;
  return version ? `Manual, version ${shortVersion(version)}` : AUTOMATIC;
}

function versionInWords(registry: Registry | undefined): string {
  const version = registry?.keyInUse?.version ?? registry?.key?.version;
  return version ? `Version ${shortVersion(version)}` : 'Version not known';
}

/** Name of an identity, which a registry refers to by its client id. */
function identityInWords(
  registry: Registry | undefined,
  reference: string | null,
): string {
  if (!reference) return 'No identity';
  if (reference.toLowerCase() === 'system') return 'System-assigned identity';
  const attached = registry?.userAssignedIdentities.find(
    ({ clientId }) => clientId?.toLowerCase() === reference.toLowerCase(),
  );
  return lastPart(attached?.resourceId ?? reference);
}
