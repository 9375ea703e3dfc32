import type { StepSpec } from '../steps';
import { recordPull } from '../steps/recordPull';
import type { Registry } from '../registry';

/** The test of a pull before the first change, against which the later ones count. */
export const testBefore = ({ id, loginServer }: Registry): StepSpec =>
  recordPull.build({ registryId: id, loginServer });
