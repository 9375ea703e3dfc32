import {
  FactsUnavailable,
  type FieldChange,
  RegistryId,
} from 'backstage-plugin-acr-cmk-common';
import { bindingOf } from '../catalog/binding';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import { type AcrCmkConfig, inScope } from '../config';
import { PreconditionUnavailable } from '../operations/engine/PreconditionUnavailable';
import type { Planner } from '../plans/Planner';
import type { OperationRecord } from '../operations/engine/types';

/**
 * The last look before an operation writes: is everything as it was agreed to, the right to do it
 * included? Between acceptance and the first write may lie a day in which the entity went, named
 * another registry, or lost the proof of its binding. Asked as the plugin itself.
 */
export class PreWriteCheck {
  readonly #config: AcrCmkConfig;
  readonly #catalog: CatalogLinks;
  readonly #planner: Planner;

  constructor(options: {
    config: AcrCmkConfig;
    catalog: CatalogLinks;
    planner: Planner;
  }) {
    this.#config = options.config;
    this.#catalog = options.catalog;
    this.#planner = options.planner;
  }

  /**
   * @returns every difference, nothing when it may go on
   * @throws PreconditionUnavailable when the catalog does not answer
   */
  async changes(operation: OperationRecord): Promise<FieldChange[]> {
    const { plan, entityRef } = operation;
    const { registry, changes } = await this.#planned(operation);
    const id = RegistryId.parse(plan.registryId);
    const lost: FieldChange[] = [];
    if (!inScope(this.#config.scopes, id)) {
      lost.push({ field: 'scope', shown: 'in scope', now: 'out of scope' });
    }
    // A registry that is to be made has no entity that names it yet.
    if (plan.intent.kind === 'create-registry') return [...lost, ...changes];
    if (!(await this.#stillNames(entityRef, id))) {
      lost.push({
        field: 'entity',
        shown: `${entityRef} names the registry`,
        now: 'it does not, or is gone',
      });
    }
    if (
      registry &&
      !bindingOf(entityRef, registry, this.#config.bindings).proven
    ) {
      lost.push({ field: 'binding', shown: 'proven', now: 'not proven' });
    }
    return [...lost, ...changes];
  }

  async #planned(operation: OperationRecord) {
    try {
      return await this.#planner.changesSince(operation);
    } catch (error) {
      if (!(error instanceof FactsUnavailable)) throw error;
      throw new PreconditionUnavailable(error.code, error.message);
    }
  }

  async #stillNames(entityRef: string, id: RegistryId): Promise<boolean> {
    try {
      return await this.#catalog.stillNames(entityRef, id);
    } catch {
      throw new PreconditionUnavailable(
        'CatalogUnavailable',
        `The catalog does not say whether ${entityRef} still names the registry`,
      );
    }
  }
}
