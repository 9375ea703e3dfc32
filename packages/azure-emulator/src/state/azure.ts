import type { Assumptions } from '../assumptions';
import { Clock } from '../control/clock';
import { seconds } from './durations';
import { GraphView } from '../resourceGraph/graphView';
import { keyId, parseKeyUri } from './ids';
import { PolicyMemory } from '../vault/policyMemory';
import { PullMemory } from '../registry/pullMemory';
import { Index, Store } from './store';
import { Timeline } from './timeline';
import type { Azure, Settings } from '../types';

/** The state with what is derived from it; see `Azure`. */
export class AzureState implements Azure {
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

  get operationMs(): number {
    return seconds(this.assumptions.registryOperationSeconds);
  }

  now(): number {
    return this.moment ?? this.clock.now();
  }

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
