import { seconds } from '../state/durations';
import { AccessPolicy, Vault } from '../state/model';
import type { Azure } from '../types';

/** The policies of a vault until a time. */
interface Past {
  until: number;
  accessPolicies: AccessPolicy[];
}

/**
 * The access policies in effect, where an assumption says that a change takes a while. The earlier ones are lost with
 * the process, as if the change had taken effect meanwhile.
 */
export class PolicyMemory {
  private readonly past = new Map<string, Past[]>();

  constructor(private readonly azure: Azure) {
    azure.store.onChange('vaults', (before, after) => {
      if (azure.store.isReplacing || !before || !after || !this.delayMs) {
        this.past.delete((after ?? before)!.id);
        return;
      }
      if (before.accessPolicies === after.accessPolicies) return;
      const now = azure.now();
      const recent = (this.past.get(after.id) ?? []).filter(
        ({ until }) => until > now - this.delayMs,
      );
      const { accessPolicies } = before;
      this.past.set(after.id, [...recent, { until: now, accessPolicies }]);
    });
  }

  inEffect(vault: Vault): AccessPolicy[] {
    const asOf = this.azure.now() - this.delayMs;
    const earlier = this.past.get(vault.id)?.find(({ until }) => until > asOf);
    return (earlier ?? vault).accessPolicies;
  }

  private get delayMs(): number {
    return seconds(this.azure.assumptions.accessPolicyDelaySeconds);
  }
}
