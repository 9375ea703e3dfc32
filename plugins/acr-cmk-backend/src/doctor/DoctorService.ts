import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type DoctorReport,
  doctorReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { PermissionChecker } from '../changes/gate/PermissionChecker';

/** Parts of the doctor. */
export interface DoctorParts {
  examine: () => Promise<DoctorReport>;
  permissionChecker: PermissionChecker;
}

/** Runs the doctor for callers who may read its report. */
export class DoctorService {
  readonly #parts: DoctorParts;
  #running?: Promise<DoctorReport>;

  constructor(parts: DoctorParts) {
    this.#parts = parts;
  }

  /** Runs the checks. Callers at the same time share one run, which costs many requests to Azure. */
  async report(credentials: BackstageCredentials): Promise<DoctorReport> {
    await this.#parts.permissionChecker.require(
      { permission: doctorReadPermission },
      credentials,
    );
    this.#running ??= this.#parts.examine().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}
