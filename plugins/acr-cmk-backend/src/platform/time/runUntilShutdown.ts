import type { LifecycleService } from '@backstage/backend-plugin-api';

/** Runs a loop from the start of the plugin until its shutdown, which waits for the loop to end. */
export function runUntilShutdown(
  lifecycle: LifecycleService,
  run: (stopped: AbortSignal) => Promise<void>,
): void {
  const stopped = new AbortController();
  let running: Promise<void> | undefined;
  lifecycle.addStartupHook(() => {
    running = run(stopped.signal);
  });
  lifecycle.addShutdownHook(async () => {
    stopped.abort();
    await running;
  });
}
