import type {
  Check,
  RegistryFacts,
  RevokeMethodId,
} from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from '../../../steps';
import type { EncryptedRegistry } from '../../encryptedRegistry';
import type { PlanContext } from '../draft';

/** One way to take a registry's key away, as it would be for this registry now. */
export interface Way {
  /** Why it cannot be done here, in one message; nothing when it can. */
  unavailable?: string;
  /** The vault does not know this way at all: asking for it is a mistake. */
  foreign?: true;
  /** What it does, in one message. */
  message: string;
  /** Whether and until when it can be undone, in words. */
  reversible: string;
  steps: StepSpec[];
  inverse: StepSpec[];
  /** Proves that it worked. */
  confirm: StepSpec[];
  checks: Check[];
  /** Registries that lose their key by it, this one included when it works. */
  affected: RegistryFacts[];
}

/** A way by its id. Adding one is a file beside this one and a line in the index. */
export interface WayDefinition {
  method: RevokeMethodId;
  way(encrypted: EncryptedRegistry, context: PlanContext): Way;
}

/** A way that is not there for this registry. */
export function noWay(
  message: string,
  unavailable: string,
  checks: Check[] = [],
): Way {
  return {
    unavailable,
    message,
    reversible: 'Nothing is to be undone.',
    steps: [],
    inverse: [],
    confirm: [],
    checks,
    affected: [],
  };
}
