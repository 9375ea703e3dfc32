import type { TokenCredential } from '@azure/core-auth';
import type { Azure } from './Azure';
import type { Measured } from './measured';
import type { Names } from './names';
import type { Recording } from './recordings';
import type { StateFile } from './StateFile';
import type { Steps } from './steps';
import type { Time } from './time';

/** Who runs the check. */
export interface Caller {
  objectId: string;
  clientId: string;
  tenantId: string;
  kind: 'User' | 'ServicePrincipal';
}

/** Whether a promise of the ports in `src/azure/` was kept. */
export interface ContractOutcome {
  name: string;
  kept: boolean;
  why?: string;
}

/** What a probe works with. */
export interface Lab {
  azure: Azure;
  time: Time;
  names: Names;
  state: StateFile;
  caller: Caller;
  credential: TokenCredential;
  /** What came of the contract, in this process. */
  outcomes: ContractOutcome[];
  events?: { port: number; url: string; app?: string };
}

/** What is known of some assumptions, by their names such as `pulls.keyDeleted.status`. */
export type Measurements = Record<string, Measured>;

export interface ProbeResult {
  measured: Measurements;
  contract: ContractOutcome[];
  recordings: Recording[];
  /** Why it ended early: it is tried again by --resume. */
  failed?: string;
}

/** One question to Azure: a file of its own in `probes/`. */
export interface Probe {
  id: string;
  /** What it finds out, in a line. */
  title: string;
  /** The assumptions that it is about. */
  about: readonly string[];
  run(lab: Lab): Steps<Measurements>;
}
