import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type DoctorReport,
  doctorReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { PermissionChecker } from '../changes/gate/PermissionChecker';

interface Deps {
  examine: () => Promise<DoctorReport>;
  permissionChecker: PermissionChecker;
}

/** Runs the doctor for callers who may read its report. */
export class DoctorService {
  readonly #deps: Deps;
  #running?: Promise<DoctorReport>;

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Runs the checks. Callers at the same time share one run, which costs many requests to Azure. */
  async report(credentials: BackstageCredentials): Promise<DoctorReport> {
    await this.#deps.permissionChecker.require(
      { permission: doctorReadPermission },
      credentials,
    );
    this.#running ??= this.#deps.examine().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}
