import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { VisibleScope } from './VisibleScope';

/** The caller, and what they may see of the fleet. */
export interface FleetViewer {
  visibleScope: VisibleScope;
  credentials: BackstageCredentials;
}
