// The emulated Azure in a process of its own, so that neither its memory nor its work is counted as the
// backend's. `azureElsewhere.ts` starts it and asks it things.
import { type EmulatorOptions, startEmulator } from 'azure-emulator';

/** Settings that the process receives as its last argument. */
export type AzureSettings = EmulatorOptions;

/** One question, and its answer. */
export interface AzureQuestion {
  id: number;
  ask: keyof Answers;
  args: unknown[];
}

export type AzureAnswer = { id: number } & (
  | { value: unknown }
  | { error: string }
);

type Azure = Awaited<ReturnType<typeof startEmulator>>;

const answersOf = (azure: Azure) => ({
  ready: () => ({
    ready: azure.ready,
    caPem: azure.caPem,
    now: azure.clock.now(),
    registryIds: azure.state
      .registries()
      .map(name => azure.state.registry(name).id),
  }),
  advance: (ms: number) => azure.clock.advance(ms),
  requests: () => azure.requests(),
  /** Counts the requests with a token here, to keep the log out of the caller's memory. */
  calls: () => azure.requests().filter(({ principal }) => principal).length,
  clearRequests: () => azure.clearRequests(),
  outOfBand: (...args: Parameters<Azure['outOfBand']>) =>
    azure.outOfBand(...args),
  addFault: (...args: Parameters<Azure['faults']['add']>) => {
    azure.faults.add(...args);
  },
  clearFaults: () => azure.faults.clear(),
});

export type Answers = ReturnType<typeof answersOf>;

async function main(): Promise<void> {
  const azure = await startEmulator(JSON.parse(process.argv.at(-1) ?? '{}'));
  azure.clock.freeze();
  const answers = answersOf(azure);
  process.on('disconnect', () => process.exit(0));
  process.on('message', async ({ id, ask, args }: AzureQuestion) => {
    try {
      const answer = answers[ask] as (...some: unknown[]) => unknown;
      process.send!({ id, value: await answer(...args) });
    } catch (error) {
      process.send!({ id, error: String(error) });
    }
  });
  process.send!({ id: 0, value: answers.ready() });
}

main().catch(error => {
  console.error(error);
  process.exit(1);
});
