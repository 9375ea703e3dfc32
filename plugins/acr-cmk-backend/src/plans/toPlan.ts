import {
  type Consumer,
  type Intent,
  KeyIdentifier,
  type Plan,
  type RegistryFacts,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { type PlanDraft, planHash } from '../cmk/plan';
import { describeStep } from '../steps';
import { PLAN_LIFETIME_MS } from '../cmk/timing';
import { isoTime } from '../database/clock';

/** Entities behind a registry, as a viewer may see them. */
export type Behind = (id: RegistryId) => {
  visible: Consumer['entities'];
  hidden: number;
};

/** What the configuration says of carrying out an intent. */
export interface ApprovalPolicy {
  approvals: ReadonlySet<Intent['kind']>;
  /** Of an intent that takes something away. */
  waitingSeconds: number;
}

/** A draft with an id, an expiry, readers and approvalPolicy. */
export function toPlan(of: {
  planId: string;
  entityRef: string;
  registryId: RegistryId;
  registryName: string;
  intent: Intent;
  draft: PlanDraft;
  fingerprint: Record<string, string>;
  /** Epoch milliseconds. */
  now: number;
  behind: Behind;
  approvalPolicy: ApprovalPolicy;
}): Plan {
  const { planId, entityRef, intent, draft, now, approvalPolicy } = of;
  const registryId = of.registryId.toString();
  const approved = approvalPolicy.approvals.has(intent.kind);
  const takesAway = intent.kind === 'revoke' || intent.kind === 'retire';
  return {
    id: planId,
    hash: planHash({ planId, entityRef, registryId }, of.fingerprint),
    createdAt: isoTime(now),
    expiresAt: isoTime(now + PLAN_LIFETIME_MS),
    entityRef,
    registryId,
    registryName: of.registryName,
    intent,
    summary: draft.summary,
    before: draft.before,
    after: draft.after,
    checks: draft.checks,
    steps: draft.steps.map(describeStep),
    consumers: consumersOf(draft.affected, of.registryId, of.behind),
    inverse: {
      available: draft.inverse.steps.length > 0,
      message: draft.inverse.message,
    },
    confirmation: { typedName: draft.typedName },
    methods: draft.methods,
    approval: approved
      ? {
          required: true,
          message:
            'Another person with the permission acr-cmk.operation.approve has to approve it before it begins.',
        }
      : { required: false },
    waitingSeconds: takesAway ? approvalPolicy.waitingSeconds : 0,
    blocked:
      draft.steps.length === 0 ||
      draft.checks.some(({ status }) => status === 'fail'),
  };
}

/** Registries with the entities behind them, as a viewer may see these. */
export function consumersOf(
  registries: readonly RegistryFacts[],
  self: RegistryId,
  behind: Behind,
): Consumer[] {
  return registries.map(registry => {
    const id = RegistryId.parse(registry.id);
    const { visible, hidden } = behind(id);
    const { keyIdentifier, versionedKeyIdentifier } = registry.encryption;
    const key = KeyIdentifier.tryParse(keyIdentifier);
    return {
      registryId: registry.id,
      registryName: registry.name,
      self: id.equals(self),
      inCatalog: visible.length + hidden > 0,
      versionMode: key && (key.version ? 'manual' : 'automatic'),
      versionInUse: KeyIdentifier.tryParse(versionedKeyIdentifier)?.version,
      entities: visible,
      hiddenEntities: hidden,
    };
  });
}
