import type { DoctorLine } from 'backstage-plugin-acr-cmk-common';
import { NETWORKS } from '../azure/failures/networkCause';

export const ok = (message: string): DoctorLine => ({ status: 'ok', message });

export const line = (
  status: 'warning' | 'failed' | 'unknown',
  message: string,
  remedy: string,
): DoctorLine => ({ status, message, remedy });

/** Remedy while Azure does not answer. */
export const CHECK_NETWORK = `Check that this machine reaches Azure, and the proxy settings, and run the doctor again. See ${NETWORKS}.`;
