import type { LoggerService } from '@backstage/backend-plugin-api';
import type { AzureProblem } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type { ResourceGraphPort } from '../azure/graph/resourceGraphPort';
import type { Scope } from '../platform/config';
import { GROUP_IN_PART, GROUP_NOT_KNOWN } from './facts';
import type { SyncState } from './rows/SyncState';

/** Interval at which the subscriptions below a management group are read. Milliseconds. */
const MEMBERS_EVERY_MS = 60 * 60_000;

const stateOf = (managementGroup: string) => `members ${managementGroup}`;

/** Subscriptions below a management group as they were last known. */
interface Members {
  subscriptionIds: string[];
  /** False when there may be others, which the read credential cannot see. */
  complete: boolean;
}

const onlyReadable = (managementGroup: string) =>
  `Only readable subscriptions of the management group ${managementGroup} are known: the read credential lacks Microsoft.Management/managementGroups/descendants/read, which the role Reader has there`;

interface ManagedScopesDeps {
  /** Is filled with what is in scope. */
  scopes: Scope[];
  managementGroups: readonly string[];
  state: SyncState;
  graph: Pick<ResourceGraphPort, 'subscriptionsBelow'>;
  logger: Pick<LoggerService, 'warn'>;
}

/**
 * The scopes of configuration, with the subscriptions that are below its management groups. The two lists
 * are never replaced, so every holder sees what is in scope at the moment.
 *
 * A subscription that Azure no longer shows below a management group is out of scope, since Azure says
 * so; when Azure cannot be asked, or shows only what we can read, what was known stays.
 */
export class ManagedScopes {
  readonly #deps: ManagedScopesDeps;
  readonly scopes: Scope[];
  readonly subscriptions: string[] = [];
  /** Management groups below which nobody has looked yet. */
  readonly groupsNotKnown: string[] = [];
  /** Management groups of which only readable subscriptions are known. */
  readonly groupsInPart: string[] = [];
  readonly #fixed: readonly Scope[];

  constructor(deps: ManagedScopesDeps) {
    this.#deps = deps;
    this.scopes = deps.scopes;
    this.#fixed = [...deps.scopes];
    this.groupsNotKnown.push(...deps.managementGroups);
    this.#fill([]);
  }

  /** Takes over what was last known, by whichever replica asked for it. */
  async load(): Promise<void> {
    if (this.#deps.managementGroups.length === 0) return;
    const known = await Promise.all(
      this.#deps.managementGroups.map(name =>
        this.#deps.state.get<Members>(stateOf(name)),
      ),
    );
    this.#fill(known.flatMap(each => each?.value.subscriptionIds ?? []));
    const groupsWhere = (test: (members?: Members) => boolean) =>
      this.#deps.managementGroups.filter((_, index) =>
        test(known[index]?.value),
      );
    this.groupsNotKnown.splice(
      0,
      this.groupsNotKnown.length,
      ...groupsWhere(members => members === undefined),
    );
    this.groupsInPart.splice(
      0,
      this.groupsInPart.length,
      ...groupsWhere(members => members?.complete === false),
    );
  }

  /** Reason why more subscriptions may be in scope than are known. */
  problem(): AzureProblem | undefined {
    const [inPart] = this.groupsInPart;
    if (inPart !== undefined) {
      return {
        kind: 'denied',
        code: GROUP_IN_PART,
        message: onlyReadable(inPart),
      };
    }
    const [notKnown] = this.groupsNotKnown;
    return notKnown === undefined
      ? undefined
      : {
          kind: 'unavailable',
          code: GROUP_NOT_KNOWN,
          message: `The subscriptions of the management group ${notKnown} are not known yet`,
        };
  }

  /** The subscriptions in scope, asked for anew when that is an hour ago. */
  async refresh(now: number): Promise<readonly string[]> {
    for (const name of this.#deps.managementGroups) {
      const known = await this.#deps.state.get<Members>(stateOf(name));
      if (known && now - known.at < MEMBERS_EVERY_MS) continue;
      await this.#ask(name, known?.value.subscriptionIds ?? []);
    }
    await this.load();
    return this.subscriptions;
  }

  async #ask(name: string, known: string[]): Promise<void> {
    try {
      const { value } = await this.#deps.graph.subscriptionsBelow(name);
      const { subscriptionIds, complete } = value;
      if (!complete) this.#deps.logger.warn(onlyReadable(name));
      const members: Members = {
        subscriptionIds: complete
          ? subscriptionIds
          : [...new Set([...known, ...subscriptionIds])],
        complete,
      };
      await this.#deps.state.set(stateOf(name), members);
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      this.#deps.logger.warn(error.message);
    }
  }

  #fill(members: readonly string[]): void {
    const fixed = this.#fixed.map(({ subscriptionId }) => subscriptionId);
    const all = [...new Set([...fixed, ...members])];
    this.subscriptions.splice(0, this.subscriptions.length, ...all);
    this.scopes.splice(
      0,
      this.scopes.length,
      ...this.#fixed,
      ...members.map(subscriptionId => ({ subscriptionId })),
    );
  }
}
