import type { DoctorReport } from 'backstage-plugin-acr-cmk-common';
import type { Loaded } from './loaded';
import { useResource } from './useResource';

/** Doctor report. It takes many requests to Azure, so it is loaded once, and again on request. */
export function useDoctorReport(): {
  report: Loaded<DoctorReport>;
  runAgain(): void;
} {
  const { loaded, refresh } = useResource<DoctorReport>('doctor', {
    load: (api, { signal }) => api.doctor({ signal }),
  });
  return { report: loaded, runAgain: refresh };
}
