import type {
  CreateRegistryIntent,
  Fact,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import type { PlanSource } from '../authority/Gate';
import type { AzurePorts } from '../azure/ports';
import {
  type Change,
  type ChangeIntent,
  definitionOf,
  type MadePlan,
  type PlanDraft,
  type OwnershipFacts,
  planFingerprint,
} from '../cmk/plan';
import { noOtherOperation } from '../cmk/plan/checks';
import type { Registry } from '../cmk/registry';
import {
  type FactSources,
  gatherFacts,
  gatherFactsForNew,
} from './gatherFacts';
import { ownChecks } from './ownChecks';

/** A draft, and what of the facts behind it is needed afterwards. */
interface Drafted {
  draft: PlanDraft;
  vaults: (Fact<VaultFacts> | undefined)[];
  registry?: Registry;
  facts: OwnershipFacts;
}

const allKnown = <T>(facts: readonly (Fact<T> | undefined)[]): T[] =>
  facts.flatMap(fact => (fact?.known ? [fact.value] : []));

/**
 * Brings fresh facts to `cmk/`, so that the same plan can be made when it is asked for, accepted,
 * approved and begun.
 */
export class PlanMaker implements PlanSource {
  readonly #sources: FactSources & { azure: AzurePorts };

  constructor(sources: FactSources & { azure: AzurePorts }) {
    this.#sources = sources;
  }

  /** @throws FactsUnavailable when the registry cannot be read now */
  async make(of: Parameters<PlanSource['make']>[0]): Promise<MadePlan> {
    const { draft, vaults, registry, facts } = await this.#draft(of);
    const { registryId, intent } = of.change;
    const holder = await this.#sources.operations.holderOf(
      // What it would take, so that plan and acceptance agree.
      [...new Set([registryId.key, ...draft.locks])],
      of.operationId,
      // What has not begun gives way to it.
      { forRevoke: intent.kind === 'revoke' },
    );
    const checked = {
      ...draft,
      checks: [
        noOtherOperation(holder),
        ...draft.checks,
        ...(await ownChecks(
          { steps: draft.steps, vaults: vaults.flatMap(vault => vault ?? []) },
          this.#sources,
        )),
      ],
    };
    return {
      draft: checked,
      fingerprint: planFingerprint(intent, checked),
      registry,
      facts,
    };
  }

  async #draft({
    change,
    ...of
  }: Parameters<PlanMaker['make']>[0]): Promise<Drafted> {
    const definition = definitionOf(change.intent);
    if (definition.registry === 'new') {
      const creation = change as Change<CreateRegistryIntent>;
      const facts = await gatherFactsForNew(
        { ...of, change: creation, needs: definition.needs(creation.intent) },
        this.#sources,
      );
      return {
        draft: definition.plan(creation, facts),
        vaults: [facts.vault],
        facts: {
          registries: [...facts.registries, ...facts.elsewhere],
          registriesComplete: facts.registriesComplete,
          vaults: allKnown([facts.vault]),
          keys: allKnown([facts.keyFacts]),
          identities: facts.identity ? [facts.identity] : [],
        },
      };
    }
    const existing = change as Change<ChangeIntent>;
    const { encrypted, context } = await gatherFacts(
      { ...of, change: existing, needs: definition.needs(existing.intent) },
      this.#sources,
    );
    return {
      draft: definition.plan(encrypted, existing.intent, context),
      vaults: [encrypted.vault, context.target?.vault],
      registry: encrypted.registry,
      facts: {
        registries: [...context.registries, ...context.elsewhere],
        registriesComplete: context.registriesComplete,
        vaults: allKnown([encrypted.vault, context.target?.vault]),
        keys: allKnown([encrypted.keyFacts, context.target?.keyFacts]),
        identities: context.identities ?? [],
      },
    };
  }
}
