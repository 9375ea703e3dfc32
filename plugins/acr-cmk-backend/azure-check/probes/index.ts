import type { Probe } from '../probe';
import { accessPolicies } from './accessPolicies';
import { contract } from './contract';
import { deletedKeys } from './deletedKeys';
import { events } from './events';
import { firewall } from './firewall';
import { follow } from './follow';
import { operations } from './operations';
import { pages } from './pages';
import { pulls } from './pulls';
import { refusals } from './refusals';
import { resourceGraph } from './resourceGraph';
import { roles } from './roles';
import { unwrap } from './unwrap';

/** Before there are registries: it gives the check its own right to use keys. */
export const FIRST: readonly Probe[] = [roles];

/** With registries. Those of one list run side by side, and one list after the other. */
export const THEN: readonly (readonly Probe[])[] = [
  // These take rights from the check itself, or count what others would change.
  [accessPolicies],
  [operations],
  [resourceGraph],
  [events],
  [contract],
  [deletedKeys, unwrap, pages],
  // These wait for hours.
  [...pulls, follow],
  // These may leave the registry behind that the others need.
  [refusals],
  [firewall],
];

export const PROBES: readonly Probe[] = [...FIRST, ...THEN.flat()];
