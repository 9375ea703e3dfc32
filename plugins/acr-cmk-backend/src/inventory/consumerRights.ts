import { allows } from '../azure/permissions';
import { AzureError } from '../azure/AzureError';
import type { PermissionSet } from '../azure/ports';
import { CONSUMER_TYPES } from '../domain/consumers/types';
import type { Context } from '../platform/context';
import type { StoredFact } from './rows';
import type { InventoryRows } from './rows';
import type { FactName } from './rows/facts';

/** Interval at which our own rights in a subscription are read again. Milliseconds. */
const RIGHTS_AGE_MS = 6 * 60 * 60_000;
/** Wait before a failed reading of them is repeated. Milliseconds. */
const FAILED_AGE_MS = 15 * 60_000;

/** Name of the fact with our own rights in a subscription, which plans share. */
const nameOf = (subscription: string): FactName => ({
  kind: 'permissions',
  subject: `read /subscriptions/${subscription}`,
});

/** ARM types whose resources the rights allow to read, as Microsoft spells them. */
export const readableTypes = (sets: readonly PermissionSet[]): string[] =>
  CONSUMER_TYPES.map(({ type }) => type).filter(type =>
    allows(sets, `${type}/read`, 'control'),
  );

/**
 * Rights of the read credential to resources of other services. Resource Graph leaves out without a word what may not
 * be read, so only these tell whether a list without a resource means that there is none.
 */
export class ConsumerRights {
  readonly #deps: { rows: InventoryRows } & Pick<Context, 'azure' | 'clock'>;

  constructor(
    deps: { rows: InventoryRows } & Pick<Context, 'azure' | 'clock'>,
  ) {
    this.#deps = deps;
  }

  /** Stored rights, by subscription. */
  async known(
    subscriptions: readonly string[],
  ): Promise<Map<string, StoredFact<PermissionSet[]>>> {
    const found = await this.#deps.rows.facts.getEach(
      subscriptions.map(nameOf),
    );
    const bySubject = new Map(
      found.map(({ key, fact }) => [key.subject, fact]),
    );
    return new Map(
      subscriptions.flatMap(subscription => {
        const fact = bySubject.get(nameOf(subscription).subject);
        return fact
          ? [[subscription, fact as StoredFact<PermissionSet[]>] as const]
          : [];
      }),
    );
  }

  /**
   * Types in a subscription that may be read.
   *
   * @param options.anew - asks Azure even if the stored rights are young
   */
  async read(
    subscription: string,
    { anew = false }: { anew?: boolean } = {},
  ): Promise<string[]> {
    const { rows, azure, clock } = this.#deps;
    const stored = rows.facts.of<PermissionSet[]>(nameOf(subscription));
    const known = await stored.read();
    const askedAt = await clock.now();
    const isFailed = known?.problem !== undefined;
    const triedAt = (isFailed ? known.problemAt : known?.observedAt) ?? 0;
    const isDue =
      askedAt - triedAt >= (isFailed ? FAILED_AGE_MS : RIGHTS_AGE_MS);
    if (anew || isDue) {
      try {
        const answer = await azure.access.permissionsOfCaller(
          `/subscriptions/${subscription}`,
          'read',
        );
        const { value, azureAt } = answer;
        await stored.keep(value, { readAt: askedAt, azureAt });
        return readableTypes(value);
      } catch (error) {
        if (!(error instanceof AzureError)) throw error;
        await stored.keepProblem(error.toProblem(), askedAt);
        return [];
      }
    }
    return isFailed ? [] : readableTypes(known?.value ?? []);
  }
}
