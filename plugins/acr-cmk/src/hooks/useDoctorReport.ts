import { useApi } from '@backstage/core-plugin-api';
import type { DoctorReport } from 'backstage-plugin-acr-cmk-common';
import { acrCmkApiRef } from '../api';
import type { Loaded } from './loaded';
import { useResource } from './useResource';

/** Doctor report. It takes many requests to Azure, so it is loaded once, and again on request. */
export function useDoctorReport(): {
  report: Loaded<DoctorReport>;
  runAgain(): void;
} {
  const api = useApi(acrCmkApiRef);
  const { loaded, refresh } = useResource<DoctorReport>('doctor', {
    load: ({ signal }) => api.doctor({ signal }),
    pauseAfter: () => undefined,
  });
  return { report: loaded, runAgain: refresh };
}
