import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type DoctorReport,
  doctorReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { PermissionChecker } from '../changes/gate/PermissionChecker';
import type { Context } from '../platform/context';
import { wallClock } from '../platform/time/realClock';
import { type KnownGroups, portsOf } from './portsOf';
import { runDoctor } from './runDoctor';
import type { RunningBackend } from './runningBackend';
import { secretsIn } from './secretsIn';

/** The doctor, for callers who may read its report. */
export interface Doctor {
  /** Runs the checks. Callers at the same time share one run, which costs many requests to Azure. */
  report(credentials: BackstageCredentials): Promise<DoctorReport>;
}

/** Doctor of the running backend. */
export function createDoctor(
  { rootConfig, sleep }: Pick<Context, 'rootConfig' | 'sleep'>,
  parts: {
    permissionChecker: PermissionChecker;
    backend: RunningBackend;
    managed: KnownGroups;
  },
): Doctor {
  const { backend, managed, permissionChecker } = parts;
  return sharingRuns(permissionChecker, () =>
    runDoctor(portsOf(rootConfig, { now: wallClock, backend, managed }), {
      sleep,
      secrets: secretsIn(rootConfig),
    }),
  );
}

/** Doctor that examines once for all callers at the same time. */
export function sharingRuns(
  permissionChecker: PermissionChecker,
  examine: () => Promise<DoctorReport>,
): Doctor {
  let running: Promise<DoctorReport> | undefined;
  return {
    async report(credentials) {
      await permissionChecker.require(
        { permission: doctorReadPermission },
        credentials,
      );
      running ??= examine().finally(() => {
        running = undefined;
      });
      return running;
    },
  };
}
