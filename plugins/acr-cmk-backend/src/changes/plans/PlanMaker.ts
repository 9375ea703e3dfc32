import type {
  Afterwards,
  CreateRegistryIntent,
  Fact,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { PlanInput, PlanSource } from '../gate/Gate';
import type { AzurePorts } from '../../azure/ports';
import { afterwardsOf } from '../../domain/plan/afterwards';
import type { Change } from '../../domain/plan/change';
import type { ChangeIntent } from '../../domain/plan/intent';
import { definitionOf } from '../../domain/plan/intents';
import type {
  MadePlan,
  OwnershipFacts,
  PlanContext,
  PlanDraft,
} from '../../domain/plan/draft';
import { planFingerprint } from '../../domain/plan/fingerprint';
import { type Concerns, concernsOf, unionOf } from '../../domain/effects';
import { noOtherOperation } from '../../domain/plan/checks';
import type { Registry } from '../../domain/registry';
import type { Freshness } from '../../inventory/Inventory';
import {
  type FactSources,
  gatherFacts,
  gatherFactsForNew,
} from './gatherFacts';
import { ownChecks } from './ownChecks';

/** A draft, and the facts behind it that are needed afterwards. */
interface Drafted {
  draft: PlanDraft;
  afterwards?: Afterwards;
  vaults: (Fact<VaultFacts> | undefined)[];
  registry?: Registry;
  facts: OwnershipFacts;
}

/** Other registries that use the keys concerned. */
type Users = Pick<
  PlanContext,
  'registries' | 'elsewhere' | 'registriesComplete' | 'services' | 'lookedAt'
>;

/** Steps concern what was gathered for the intent, or at most a key of an earlier operation. */
const MOST_DRAFTS = 4;

const allKnown = <T>(facts: readonly (Fact<T> | undefined)[]): T[] =>
  facts.flatMap(fact => (fact?.known ? [fact.value] : []));

/** Makes plans from fresh facts: the same one when it is requested, accepted, approved and begun. */
export class PlanMaker implements PlanSource {
  readonly #deps: FactSources & { azure: AzurePorts };

  constructor(deps: FactSources & { azure: AzurePorts }) {
    this.#deps = deps;
  }

  /** @throws FactsUnavailable when the registry cannot be read now */
  async make(input: PlanInput): Promise<MadePlan> {
    const { draft, afterwards, vaults, registry, facts } =
      await this.#draft(input);
    const { registryId, intent } = input.change;
    const forRevoke = intent.kind === 'revoke';
    // What it would take, so that plan and acceptance agree.
    const targets = [...new Set([registryId.key, ...draft.locks])];
    const holder = await this.#deps.operations.holderOf(
      targets,
      input.operationId,
      // What only waits gives way to it.
      { forRevoke: forRevoke ? { effects: draft.effects } : undefined },
    );
    // An operation that has its locks already goes on.
    const kept = input.operationId
      ? undefined
      : await this.#deps.operations.keptForRevoke(
          intent.kind,
          targets,
          input.freshness.now,
        );
    const checked = {
      ...draft,
      checks: [
        noOtherOperation(holder, { forRevoke, kept }),
        ...draft.checks,
        ...(await ownChecks(
          {
            steps: draft.steps,
            vaults: vaults.flatMap(vault => vault ?? []),
            freshness: input.freshness,
          },
          this.#deps,
        )),
      ],
    };
    return {
      draft: checked,
      afterwards,
      fingerprint: planFingerprint(intent, checked),
      registry,
      facts,
    };
  }

  async #draft({ change, ...input }: PlanInput): Promise<Drafted> {
    const definition = definitionOf(change.intent);
    if (definition.registry === 'new') {
      const creation = change as Change<CreateRegistryIntent>;
      const { facts, concerns } = await gatherFactsForNew(
        { ...input, change: creation },
        definition.needs(creation.intent),
        this.#deps,
      );
      return this.#withUsers(
        { concerns, freshness: input.freshness },
        users => ({
          draft: definition.plan(creation, { ...facts, ...users }),
          vaults: [facts.vault],
          facts: {
            ...ownershipOf(users),
            vaults: allKnown([facts.vault]),
            keys: allKnown([facts.keyFacts]),
            identities: facts.identity ? [facts.identity] : [],
            groups: allKnown([facts.group]),
          },
        }),
      );
    }
    const existing = change as Change<ChangeIntent>;
    const { encrypted, context, concerns } = await gatherFacts(
      { ...input, change: existing },
      definition.needs(existing.intent),
      this.#deps,
    );
    const { registry } = encrypted;
    return this.#withUsers(
      { concerns, freshness: input.freshness, known: registry },
      users => {
        const { intent } = existing;
        const draft = definition.plan(encrypted, intent, {
          ...context,
          ...users,
        });
        const { steps } = draft;
        return {
          draft,
          afterwards: afterwardsOf(encrypted, { steps, intent }, context),
          vaults: [encrypted.vault, context.target?.vault],
          registry,
          facts: {
            ...ownershipOf(users),
            vaults: allKnown([encrypted.vault, context.target?.vault]),
            keys: allKnown([encrypted.keyFacts, context.target?.keyFacts]),
            identities: context.identities ?? [],
            groups: [],
          },
        };
      },
    );
  }

  /**
   * Drafts with the registries that use the keys concerned. Which keys those are is only certain
   * once there are steps, so a draft that concerns another one is made again.
   */
  async #withUsers(
    of: { concerns: Concerns; freshness: Freshness; known?: Registry },
    draftWith: (users: Users) => Drafted,
  ): Promise<Drafted> {
    let { concerns } = of;
    for (let attempt = 0; attempt < MOST_DRAFTS; attempt++) {
      const { inScope, complete, ...users } =
        await this.#deps.inventory.users.refreshed(concerns, of);
      const drafted = draftWith({
        ...users,
        registries: inScope,
        registriesComplete: complete,
      });
      const all = unionOf(concerns, concernsOf(drafted.draft.steps));
      if (
        all.keys.length === concerns.keys.length &&
        all.principals.length === concerns.principals.length
      ) {
        return drafted;
      }
      concerns = all;
    }
    throw new Error('Each draft of the plan concerns yet another key');
  }
}

function ownershipOf({
  registries,
  elsewhere,
  registriesComplete,
  services,
}: Users) {
  return {
    registries: [...registries, ...elsewhere],
    outOfScope: new Set(elsewhere.map(({ registryId }) => registryId.key)),
    registriesComplete,
    services,
  };
}
