import type { RegistryNetwork } from 'backstage-plugin-acr-cmk-common';
import type { PullAnswer } from '../../azure/ports';

/** A test of pulls, with the network rules of the registry at that time. Plain data. */
export interface PullTest extends PullAnswer {
  network: RegistryNetwork;
}
