import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import {
  type DoctorReport,
  doctorReadPermission,
} from 'backstage-plugin-acr-cmk-common';
import type { PermissionChecker } from '../authority/PermissionChecker';

/** The doctor's report, for those who may read it. */
export class DoctorService {
  readonly #examine: () => Promise<DoctorReport>;
  readonly #permissionChecker: PermissionChecker;
  #running?: Promise<DoctorReport>;

  constructor(options: {
    examine: () => Promise<DoctorReport>;
    permissionChecker: PermissionChecker;
  }) {
    this.#examine = options.examine;
    this.#permissionChecker = options.permissionChecker;
  }

  /** Runs the checks. Who asks while they run gets the same report: they cost many requests to Azure. */
  async report(credentials: BackstageCredentials): Promise<DoctorReport> {
    await this.#permissionChecker.require(
      { permission: doctorReadPermission },
      credentials,
    );
    this.#running ??= this.#examine().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }
}
