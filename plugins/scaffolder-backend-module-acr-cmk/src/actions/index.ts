import type { Ports } from '../ports';
import { createAutomaticRotationAction } from './automaticRotation';
import { createAwaitEntityAction } from './awaitEntity';
import { createCreateRegistryAction } from './createRegistry';
import { createGetStateAction } from './getState';
import { createReportCreatedAction } from './reportCreated';
import { createRestoreKeyAction } from './restoreKey';
import { createRevokeKeyAction } from './revokeKey';
import { createRotateKeyAction } from './rotateKey';

/** Every action of the module. */
export function createActions(ports: Ports) {
  return [
    createCreateRegistryAction(ports),
    createReportCreatedAction(ports),
    createAwaitEntityAction(ports),
    createGetStateAction(ports),
    createRotateKeyAction(ports),
    createAutomaticRotationAction(ports),
    createRevokeKeyAction(ports),
    createRestoreKeyAction(ports),
  ];
}
