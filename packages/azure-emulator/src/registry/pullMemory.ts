import type { RevokeKind } from '../assumptions';
import type { Azure, PullVerdict } from '../types';
import { seconds } from '../state/durations';
import { parseKeyUri } from '../state/ids';
import { Registry } from '../state/model';
import type { ReachProblem } from './reach';
import { encryptionIdentity, reachOfVersionInUse } from './registryKey';

/** Time since which a registry reaches its key, or does not. */
interface Known {
  reaches: boolean;
  since: number;
  /** While it does not, or did not before: why, and the words for it. */
  lost?: { kind: RevokeKind | undefined; message: string; at: number };
}

const vaultOf = ({ encryption }: Registry) =>
  encryption && parseKeyUri(encryption.keyIdentifier)?.vault;

/** Whether less than the delay has passed; null is a delay without end. */
function isWithin(now: number, since: number, delaySeconds: number | null) {
  return delaySeconds === null || now < since + seconds(delaySeconds);
}

/**
 * Remembers since when registries reach their keys, so that they can answer pulls from memory for a while where an
 * assumption says so. Watches nothing by default, when they notice at once. Lost with the process, as if every
 * registry had noticed meanwhile.
 */
export class PullMemory {
  private readonly known = new Map<string, Known>();
  /** Times at which changed rights take effect, when nothing else happens. */
  private due: number[] = [];

  constructor(private readonly azure: Azure) {
    const { store } = azure;
    store.onChange('registries', (_, after) => {
      if (after) this.changed(() => [after]);
    });
    store.onChange('keys', (before, after) => {
      this.changed(() => azure.registriesByKey.find((after ?? before)!.id));
    });
    store.onChange('vaults', (before, after) => {
      const { name } = (after ?? before)!;
      this.later(azure.assumptions.accessPolicyDelaySeconds);
      this.changed(() => this.all().filter(each => vaultOf(each) === name));
    });
    store.onChange('roleAssignments', (before, after) => {
      const { principalId } = (after ?? before)!;
      this.later(azure.assumptions.roleAssignmentDelaySeconds);
      this.later(azure.assumptions.roleRemovalDelaySeconds);
      this.changed(() =>
        this.all().filter(each => this.principalOf(each) === principalId),
      );
    });
    store.onChange('hsmAssignments', (before, after) => {
      const { principalId } = (after ?? before)!;
      this.changed(() =>
        this.all().filter(each => this.principalOf(each) === principalId),
      );
    });
  }

  /** Looks again at each moment at which a changed right has taken effect. */
  catchUp(now: number, asOf: (at: number, run: () => void) => void) {
    if (!this.due.length || this.due[0] > now) return;
    const past = this.due.filter(at => at <= now);
    this.due = this.due.filter(at => at > now);
    past.forEach(at => asOf(at, () => this.changed(() => this.all())));
  }

  verdict(registry: Registry): PullVerdict {
    const { azure } = this;
    const reach = reachOfVersionInUse(azure, registry);
    const known = this.known.get(registry.id);
    const lost = known?.lost;
    if (!reach.reaches) {
      const kind = this.kindOf(registry, reach.problem);
      const how = kind && azure.assumptions.pulls[kind];
      const at = known?.reaches === false ? known.since : -Infinity;
      return how && isWithin(azure.now(), at, how.stopAfterSeconds)
        ? { serves: true }
        : { serves: false, message: reach.message, how };
    }
    const how = lost?.kind && azure.assumptions.pulls[lost.kind];
    if (!lost || !how || isWithin(known.since, lost.at, how.stopAfterSeconds)) {
      return { serves: true };
    }
    return isWithin(azure.now(), known.since, how.returnAfterSeconds)
      ? { serves: false, message: lost.message, how }
      : { serves: true };
  }

  private changed(registries: () => Registry[]) {
    const { azure } = this;
    if (azure.store.isReplacing || !this.isDelayed) return;
    for (const registry of registries().filter(each => each.encryption)) {
      const reach = reachOfVersionInUse(azure, registry);
      const before = this.known.get(registry.id);
      const isSame = (before?.reaches ?? true) === reach.reaches;
      if (isSame && reach.reaches) continue;
      // It may be lost for another reason now: one version of a key is disabled before the others.
      const since = isSame ? before!.since : azure.now();
      const lost = reach.reaches
        ? before?.lost
        : {
            kind: this.kindOf(registry, reach.problem),
            message: reach.message,
            at: since,
          };
      this.known.set(registry.id, {
        reaches: reach.reaches,
        since,
        ...(lost && { lost }),
      });
    }
  }

  private later(delaySeconds: number) {
    const { azure } = this;
    if (azure.store.isReplacing || !this.isDelayed || !delaySeconds) return;
    this.due = [...this.due, azure.now() + seconds(delaySeconds)].sort(
      (a, b) => a - b,
    );
  }

  private get isDelayed(): boolean {
    return Object.values(this.azure.assumptions.pulls).some(
      ({ stopAfterSeconds, returnAfterSeconds }) =>
        stopAfterSeconds !== 0 || returnAfterSeconds !== 0,
    );
  }

  private all(): Registry[] {
    return this.azure.store.all('registries');
  }

  private principalOf(registry: Registry): string | undefined {
    const { encryption } = registry;
    return (
      encryption &&
      encryptionIdentity(this.azure, registry, encryption.identity).principalId
    );
  }

  /** The kind of revoke that explains the loss; undefined when none does. */
  private kindOf(
    registry: Registry,
    problem: ReachProblem,
  ): RevokeKind | undefined {
    const { azure } = this;
    const uri = parseKeyUri(registry.encryption!.keyIdentifier);
    switch (problem) {
      case 'access':
        return uri && azure.vault(uri.vault)?.enableRbacAuthorization
          ? 'roleRemoved'
          : 'accessPolicyRemoved';
      case 'disabled':
        return uri &&
          azure.key(uri.vault, uri.name)?.versions.some(each => each.enabled)
          ? 'versionDisabled'
          : 'keyDisabled';
      case 'key':
        return 'keyDeleted';
      default:
        return undefined;
    }
  }
}
