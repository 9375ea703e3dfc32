import type { DoctorLine } from 'backstage-plugin-acr-cmk-common';
import { NETWORKS } from '../azure/failures/networkCause';

const lineOf =
  (status: DoctorLine['status']) =>
  (message: string, remedy: string): DoctorLine => ({
    status,
    message,
    remedy,
  });

export const ok = (message: string): DoctorLine => ({ status: 'ok', message });
export const warning = lineOf('warning');
export const failed = lineOf('failed');
export const unknown = lineOf('unknown');

/** Remedy while Azure does not answer. */
export const CHECK_NETWORK = `Check that this machine reaches Azure, and the proxy settings, and run the doctor again. See ${NETWORKS}.`;
