import { CampaignStateConflict } from 'backstage-plugin-acr-cmk-common';
import type { CampaignRecord } from './types';

/** @throws CampaignStateConflict that names the state */
export function requireState(
  { id, state, pause }: CampaignRecord,
  wanted: readonly CampaignRecord['state'][],
  done: string,
): void {
  if (wanted.includes(state) && !pause?.aborts) return;
  throw new CampaignStateConflict(
    id,
    `it cannot be ${done}, because it ${
      pause?.aborts && state === 'paused' ? 'is being aborted' : `is ${state}`
    }`,
  );
}
