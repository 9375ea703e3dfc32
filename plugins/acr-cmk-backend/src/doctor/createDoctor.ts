import type { Context } from '../platform/context';
import { wallClock } from '../platform/time/realClock';
import type { RunningBackend } from './check';
import { DoctorService, type DoctorParts } from './DoctorService';
import { portsOf } from './portsOf';
import { runDoctor } from './runDoctor';
import { secretsIn } from './secretsIn';

/** The doctor of the running backend. */
export function createDoctor(
  { rootConfig, sleep }: Pick<Context, 'rootConfig' | 'sleep'>,
  parts: Pick<DoctorParts, 'permissionChecker'> & {
    backend: RunningBackend;
    managed: NonNullable<Parameters<typeof portsOf>[1]['managed']>;
  },
): DoctorService {
  const { backend, managed, permissionChecker } = parts;
  return new DoctorService({
    permissionChecker,
    examine: () =>
      runDoctor(portsOf(rootConfig, { now: wallClock, backend, managed }), {
        sleep,
        secrets: secretsIn(rootConfig),
      }),
  });
}
