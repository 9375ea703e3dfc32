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
  decisionBy,
  type DecisionRequest,
  refusalsToDecide,
  refusalToDecide,
} from '../gate/deciders';
import { personOf } from '../../platform/callerOf';
import { ONLY_PEOPLE } from '../../domain/offers';
import type { Context } from '../../platform/context';
import type { PermissionChecker } from '../gate/PermissionChecker';
import type { MayRead } from '../mayRead';
import type { CatalogLinks } from '../../catalog/CatalogLinks';
import type { EntityReader } from '../../catalog/EntityReader';
import { consumerIdsOf, entitiesInTagsOf, seenBy } from '../plans/toPlan';
import { canBeConfirmed } from '../../engine/ApprovalStore';
import type { OperationQueries } from '../../engine/OperationQueries';
import { hasWritten } from '../../engine/run';
import type { OperationRecord } from '../../engine/types';
import { toOperation } from './toOperation';

/** Factor by which the next read is larger when the caller may see too few of the operations. Our choice. */
const MORE_AT_ONCE = 4;
/** Operations that are looked through for one list. Our choice. */
const MOST_LISTED = 1_000;

type ReadCatalog = Pick<
  CatalogLinks,
  | 'registriesOf'
  | 'entitiesBehind'
  | 'entitiesInTags'
  | 'entitiesSeenBy'
  | 'affected'
>;

interface OperationReaderContext {
  config: Pick<Context['config'], 'approvers'>;
}

interface OperationReaderParts {
  operations: Pick<OperationQueries, 'get' | 'list'>;
  catalog: ReadCatalog;
  mayRead: MayRead;
  permissionChecker: PermissionChecker;
}

/** Operations as their readers may see them, with what each reader may do with them. */
export class OperationReader {
  readonly #context: OperationReaderContext;
  readonly #parts: OperationReaderParts;

  constructor(context: OperationReaderContext, parts: OperationReaderParts) {
    this.#context = context;
    this.#parts = parts;
  }

  /** @throws OperationUnknown when there is none that the reader may see */
  async operation(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<Operation> {
    return this.present(await this.record(id, credentials), credentials);
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
    const { entityRef, named } = await this.#parts.catalog.registriesOf(
      of.entityRef,
      credentials,
    );
    await this.#parts.permissionChecker.require(
      { permission: registryReadPermission, entityRef },
      credentials,
    );
    const registries = named.flatMap(one => ('id' in one ? [one.id] : []));
    const linked = await this.#parts.mayRead.linked(entityRef, registries);
    const records = await this.#visibleOf(
      { ...of, entityRef, registries, linked },
      credentials,
    );
    // One after the other: most are about the same entities, which are read once.
    const entities = this.#parts.catalog.entitiesSeenBy(credentials, new Map());
    const shown: Operation[] = [];
    for (const record of records) {
      shown.push(await this.present(record, credentials, entities));
    }
    return shown;
  }

  /** Lists as many operations as are wanted, skipping those that the caller may not see. */
  async #visibleOf(
    of: {
      entityRef: string;
      limit: number;
      registries: RegistryId[];
      linked: RegistryId[];
    },
    credentials: BackstageCredentials,
  ): Promise<OperationRecord[]> {
    const isShown = new Map<string, boolean>();
    let listed = 0;
    for (let asked = of.limit; ; asked *= MORE_AT_ONCE) {
      const records = await this.#parts.operations.list({
        ...of,
        // Their campaign shows them until then.
        ofCampaigns: 'released',
        limit: asked,
      });
      const unknown = records.filter(({ id }) => !isShown.has(id));
      const visible = new Set(
        await this.#parts.mayRead.among(unknown, {
          credentials,
          reads: of.entityRef,
        }),
      );
      unknown.forEach(one => isShown.set(one.id, visible.has(one)));
      const shown = records.filter(({ id }) => isShown.get(id));
      // A larger read that returns no more operations has returned all of them.
      const isAll =
        records.length < asked &&
        (!of.entityRef.includes('_') || records.length === listed);
      if (shown.length >= of.limit || isAll || asked >= MOST_LISTED) {
        return shown.slice(0, of.limit);
      }
      listed = records.length;
    }
  }

  /** @throws PermissionMissing or ActionRefused when somebody may not decide so */
  async requireDecidable(
    operation: OperationRecord,
    { action, credentials }: Pick<DecisionRequest, 'action' | 'credentials'>,
  ): Promise<void> {
    const seen = seenBy(operation.plan, {
      behind: await this.#behind(operation, credentials),
      inTags: await this.#inTags(operation, credentials),
    });
    const refusal = await refusalToDecide(
      { action, operation, credentials, seen },
      this.#parts.permissionChecker,
    );
    if (refusal) throw refusal;
  }

  /**
   * An operation as it is kept.
   *
   * @throws OperationUnknown when there is none that the reader may see
   */
  async record(
    id: string,
    credentials: BackstageCredentials,
  ): Promise<OperationRecord> {
    const operation = await this.#parts.operations.get(id);
    if (!operation) throw new OperationUnknown(id);
    await this.#requireVisible(operation, credentials);
    return operation;
  }

  async #requireVisible(
    operation: OperationRecord,
    credentials: BackstageCredentials,
  ): Promise<void> {
    if (!(await this.#parts.mayRead.one(operation, { credentials }))) {
      throw new OperationUnknown(operation.id);
    }
  }

  /**
   * An operation as the API shows it to somebody who may see it.
   *
   * @param entities - those of a list, which are read once
   */
  async present(
    operation: OperationRecord,
    credentials: BackstageCredentials,
    entities?: EntityReader,
  ): Promise<Operation> {
    const seenEntities = isTerminal(operation.state)
      ? { behind: await this.#behind(operation, credentials, entities) }
      : await this.#parts.catalog.affected(
          consumerIdsOf(operation.plan),
          credentials,
        );
    const affected = {
      ...seenEntities,
      inTags: await this.#inTags(operation, credentials, entities),
    };
    const seen = seenBy(operation.plan, affected);
    const possible = possibleWith(operation);
    const refusals = await refusalsToDecide(
      possible,
      { operation, credentials, seen },
      this.#parts.permissionChecker,
    );
    const isPerson = personOf(credentials) !== undefined;
    const offers = possible.map((action, index): OperationOffer => {
      const reason = isPerson ? refusals[index]?.message : ONLY_PEOPLE;
      return reason === undefined
        ? { action, allowed: true }
        : { action, allowed: false, reason };
    });
    const { approvers } = this.#context.config;
    const shown = toOperation(operation, offers, { ...affected, approvers });
    const own = decisionBy(credentials, operation);
    return shown.approval && own
      ? { ...shown, approval: { ...shown.approval, byCaller: own.decision } }
      : shown;
  }

  #behind(
    { plan }: OperationRecord,
    credentials: BackstageCredentials,
    entities?: EntityReader,
  ) {
    return this.#parts.catalog.entitiesBehind(
      consumerIdsOf(plan),
      credentials,
      entities,
    );
  }

  #inTags(
    { plan }: OperationRecord,
    credentials: BackstageCredentials,
    entities?: EntityReader,
  ) {
    return this.#parts.catalog.entitiesInTags(
      entitiesInTagsOf(plan),
      credentials,
      entities,
    );
  }
}

/** Actions that the state of an operation allows, regardless of permissions. */
function possibleWith(operation: OperationRecord): OperationOffer['action'][] {
  return [
    ...(operation.state === 'awaiting-approval'
      ? (['approve', 'reject'] as const)
      : []),
    ...(!isTerminal(operation.state) && !hasWritten(operation)
      ? (['cancel'] as const)
      : []),
    ...(canBeConfirmed(operation) ? (['confirm'] as const) : []),
  ];
}
