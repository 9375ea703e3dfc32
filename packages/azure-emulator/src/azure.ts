import type { AssumptionSettings } from './assumptionSettings';
import type { Assumptions } from './assumptions';
import { Clock } from './clock';
import type { CloudName } from './cloud';
import { seconds } from './durations';
import { GraphView } from './graphView';
import { keyId, parseKeyUri } from './ids';
import { PolicyMemory } from './policyMemory';
import { PullMemory } from './pullMemory';
import { Index, Store } from './store';
import { Timeline } from './timeline';

/** Settings of one emulator. */
export interface Settings {
  tenantId: string;
  cloud: CloudName;
  assumptions: AssumptionSettings;
}

/** The state of the emulated Azure, passed to every route: documents, indexes and the clock. */
export class Azure {
  readonly registriesByName: Index<'registries'>;
  readonly vaultsByName: Index<'vaults'>;
  readonly identitiesByClientId: Index<'identities'>;
  readonly principalsByAppId: Index<'principals'>;
  readonly assignmentsByPrincipal: Index<'roleAssignments'>;
  readonly keysByVault: Index<'keys'>;
  readonly registriesByKey: Index<'registries'>;
  readonly registriesBySubscription: Index<'registries'>;
  readonly graph: GraphView;
  readonly pulls: PullMemory;
  readonly policies: PolicyMemory;
  private readonly timeline: Timeline;
  private moment?: number;

  constructor(
    readonly store: Store,
    readonly clock: Clock,
    readonly settings: Settings,
  ) {
    this.registriesByName = new Index(store, 'registries', doc => [doc.name]);
    this.registriesBySubscription = new Index(store, 'registries', doc => [
      doc.subscriptionId,
    ]);
    this.registriesByKey = new Index(store, 'registries', doc => {
      const uri = doc.encryption && parseKeyUri(doc.encryption.keyIdentifier);
      return [uri && keyId(uri.vault, uri.name)];
    });
    this.vaultsByName = new Index(store, 'vaults', doc => [doc.name]);
    this.keysByVault = new Index(store, 'keys', doc => [doc.vault]);
    this.identitiesByClientId = new Index(store, 'identities', doc => [
      doc.clientId,
    ]);
    this.principalsByAppId = new Index(store, 'principals', doc => [doc.appId]);
    this.assignmentsByPrincipal = new Index(store, 'roleAssignments', doc => [
      doc.principalId,
    ]);
    this.graph = new GraphView(this);
    // Before the memory of pulls: that one asks which policies are in effect.
    this.policies = new PolicyMemory(this);
    this.pulls = new PullMemory(this);
    this.timeline = new Timeline(this);
  }

  get assumptions(): Assumptions {
    return this.settings.assumptions.current;
  }

  /** How long a create or update of a registry takes, in milliseconds. */
  get operationMs(): number {
    return seconds(this.assumptions.registryOperationSeconds);
  }

  /** The emulator's time; while scheduled changes are applied, the time of the current change. */
  now(): number {
    return this.moment ?? this.clock.now();
  }

  /** Applies all scheduled changes that are due, in order of their due time. */
  catchUp() {
    const asOf = (at: number, run: () => void) => {
      this.moment = at;
      try {
        run();
      } finally {
        this.moment = undefined;
      }
    };
    this.pulls.catchUp(this.clock.now(), asOf);
    this.timeline.catchUp(this.clock.now(), asOf);
  }

  /** The vault that answers under this name, once its DNS name is registered. */
  vault(name: string) {
    return this.vaultsByName
      .find(name)
      .find(({ readyAt }) => readyAt === undefined || readyAt <= this.now());
  }

  key(vault: string, name: string) {
    const key = this.store.get('keys', keyId(vault, name));
    return key && !key.deleted ? key : undefined;
  }
}
