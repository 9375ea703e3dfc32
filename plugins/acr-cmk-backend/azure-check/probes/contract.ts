import type { TokenCredential } from '@azure/core-auth';
import { createAzurePorts } from '../../src/azure/clients';
import { CONTRACT } from '../contract/cases';
import type { ContractOutcome, Lab, Probe } from '../probe';
import { settled } from '../waiting';
import type { Steps } from '../steps';

/** Long enough for an Azure that is slow today. */
const TIMEOUT_SECONDS = 60;

/** Runs the contract of the ports in `src/azure/`, with Microsoft's own clients. */
export async function* runContract(
  lab: Lab,
  credential: TokenCredential,
): Steps<ContractOutcome[]> {
  const ports = createAzurePorts({
    credentials: {
      read: credential,
      rotate: credential,
      revoke: credential,
      provision: credential,
    },
    cloud: lab.names.cloud.name,
    timeoutSeconds: TIMEOUT_SECONDS,
    probeTimeoutSeconds: TIMEOUT_SECONDS,
  });
  const outcomes: ContractOutcome[] = [];
  for (const { name, run } of CONTRACT) {
    yield* settled(lab, 'update a registry', lab.names.registryId('follow'));
    const why = await run(lab, ports).then(
      () => undefined,
      (error: Error) => lab.azure.scrubber.text(error.message),
    );
    outcomes.push({ name, kept: why === undefined, ...(why && { why }) });
  }
  return outcomes;
}

/** The contract as a probe; it is about no assumption of the emulator. */
export const contract: Probe = {
  id: 'contract',
  title: 'the contract of azure/',
  about: [],
  async *run(lab) {
    lab.outcomes.push(...(yield* runContract(lab, lab.credential)));
    return {};
  },
};
