import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  isTerminal,
  type Operation,
  type OperationOffer,
  OperationUnknown,
  RegistryId,
  registryReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import {
  type DecisionRequest,
  isCaller,
  needsWithin,
  refusalToDecide,
} from '../authority/deciders';
import type { PermissionChecker } from '../authority/PermissionChecker';
import type { CatalogLinks } from '../catalog/CatalogLinks';
import { consumerIdsOf } from '../plans/consumerIds';
import type { OperationStore } from './engine/OperationStore';
import type { OperationRecord } from './engine/types';
import { toOperation } from './toOperation';

/** Operations as their readers may see them, with what each reader may do with them. */
export class OperationReader {
  readonly #operations: Pick<OperationStore, 'get' | 'list' | 'lossesOf'>;
  readonly #catalog: Pick<CatalogLinks, 'registriesOf' | 'entitiesBehind'>;
  readonly #permissionChecker: PermissionChecker;

  constructor(options: {
    operations: Pick<OperationStore, 'get' | 'list' | 'lossesOf'>;
    catalog: Pick<CatalogLinks, 'registriesOf' | 'entitiesBehind'>;
    permissionChecker: PermissionChecker;
  }) {
    this.#operations = options.operations;
    this.#catalog = options.catalog;
    this.#permissionChecker = options.permissionChecker;
  }

  /** @throws OperationUnknown when there is none that the reader may see */
  async operation(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<Operation> {
    return this.present(await this.#visible(id, credentials), credentials);
  }

  /**
   * An operation that was read already.
   *
   * @throws OperationUnknown when the reader may not see it
   */
  async visible(
    operation: OperationRecord,
    credentials: BackstageCredentials,
  ): Promise<Operation> {
    await this.#requireVisible(operation, credentials);
    return this.present(operation, credentials);
  }

  /** Operations of an entity, and those of others that concern it and that the caller may see; newest first. */
  async operations(
    of: { entityRef: string; registryId?: RegistryId; limit: number },
    credentials: BackstageCredentials,
  ): Promise<Operation[]> {
    const { entityRef, named } = await this.#catalog.registriesOf(
      of.entityRef,
      credentials,
    );
    await this.#permissionChecker.require(
      { permission: registryReadPermission, entityRef },
      credentials,
    );
    const registries = named.flatMap(one => ('id' in one ? [one.id] : []));
    const records = await this.#operations.list({
      ...of,
      entityRef,
      registries,
    });
    const isShown = await Promise.all(
      records.map(
        record =>
          record.entityRef === entityRef ||
          this.#isVisible(record, credentials),
      ),
    );
    return Promise.all(
      records
        .filter((_, index) => isShown[index])
        .map(record => this.present(record, credentials)),
    );
  }

  /**
   * An operation that somebody is about to decide about.
   *
   * @throws OperationUnknown when there is none that they may see
   * @throws PermissionMissing or ActionRefused when they may not decide so
   */
  async decidable(
    id: string,
    { action, credentials }: Omit<DecisionRequest, 'operation'>,
  ): Promise<OperationRecord> {
    const operation = await this.#visible(id, credentials);
    const refusal = await refusalToDecide(
      { action, operation, credentials },
      this.#permissionChecker,
    );
    if (refusal) throw refusal;
    return operation;
  }

  async #visible(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<OperationRecord> {
    const operation = await this.#operations.get(id);
    if (!operation) throw new OperationUnknown(id);
    await this.#requireVisible(operation, credentials);
    return operation;
  }

  async #requireVisible(
    operation: OperationRecord,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (!(await this.#isVisible(operation, credentials))) {
      throw new OperationUnknown(operation.id);
    }
  }

  async #isVisible(
    { id, requestedBy, entityRef, approval }: OperationRecord,
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    return (
      isCaller(credentials, requestedBy) ||
      (await this.#permissionChecker.granted(
        { permission: registryReadPermission, entityRef },
        credentials,
      )) ||
      // Whoever is asked to agree has to see to what.
      (
        await needsWithin(
          approval?.needs ?? [],
          credentials,
          this.#permissionChecker,
        )
      ).length > 0 ||
      (await this.#losesKeyBy(id, credentials))
    );
  }

  /** May they see an entity whose registry loses its key by it? Then they are told by whom, and why. */
  async #losesKeyBy(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<boolean> {
    const losers = await this.#operations.lossesOf(id);
    if (losers.length === 0) return false;
    const behind = await this.#catalog.entitiesBehind(losers, credentials);
    const entities = losers.flatMap(loser => behind(loser).visible);
    for (const { entityRef } of entities) {
      const granted = await this.#permissionChecker.granted(
        { permission: registryReadPermission, entityRef },
        credentials,
      );
      if (granted) return true;
    }
    return false;
  }

  /** An operation as the API shows it to somebody who may see it. */
  async present(
    operation: OperationRecord,
    credentials: BackstageCredentials,
  ): Promise<Operation> {
    const offers = await Promise.all(
      possibleWith(operation).map(async (action): Promise<OperationOffer> => {
        const refusal = await refusalToDecide(
          { action, operation, credentials },
          this.#permissionChecker,
        );
        return refusal
          ? { action, allowed: false, reason: refusal.message }
          : { action, allowed: true };
      }),
    );
    return toOperation(
      operation,
      offers,
      await this.#catalog.entitiesBehind(
        consumerIdsOf(operation.plan),
        credentials,
      ),
    );
  }
}

/** What can be done with an operation in its state, whoever may do it. */
function possibleWith(operation: OperationRecord): OperationOffer['action'][] {
  const wrote = operation.steps.some(({ attempts }) => attempts > 0);
  return [
    ...(operation.state === 'awaiting-approval'
      ? (['approve', 'reject'] as const)
      : []),
    ...(!isTerminal(operation.state) && !wrote ? (['cancel'] as const) : []),
    ...(operation.restoresAt !== undefined ? (['confirm'] as const) : []),
  ];
}
