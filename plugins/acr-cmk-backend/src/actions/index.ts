import type {
  AuthService,
  BackstageCredentials,
} from '@backstage/backend-plugin-api';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import { ActionRefused } from 'backstage-plugin-acr-cmk-common';
import type { AcrCmkService, UserCredentials } from '../AcrCmkService';
import { registerGetOperation } from './getOperation';
import { registerGetRegistryEncryption } from './getRegistryEncryption';
import { registerPlanKeyOperation } from './planKeyOperation';
import { registerRestoreKey } from './restoreKey';
import { registerRevokeKey } from './revokeKey';
import { registerRotateKey } from './rotateKey';

/** What an action needs. */
export interface ActionDeps {
  registry: ActionsRegistryService;
  service: AcrCmkService;
  /** The person who calls. Nobody else may change anything. */
  person(credentials: BackstageCredentials): UserCredentials;
  /** `acrCmk.actions.revoke` */
  revokes: boolean;
}

/**
 * The plugin for programs: actions that the actions registry offers to MCP clients and templates.
 * Parse, call the service, answer.
 */
export function registerActions({
  registry,
  service,
  auth,
  revokes,
}: {
  registry: ActionsRegistryService;
  service: AcrCmkService;
  auth: AuthService;
  revokes: boolean;
}): void {
  const deps: ActionDeps = {
    registry,
    service,
    revokes,
    person(credentials) {
      if (auth.isPrincipal(credentials, 'user')) return credentials;
      throw new ActionRefused(
        'key-operation',
        'Keys are planned for and changed by people only: call this with the token of a person, not of a service',
      );
    },
  };
  registerGetRegistryEncryption(deps);
  registerGetOperation(deps);
  registerPlanKeyOperation(deps);
  registerRotateKey(deps);
  registerRestoreKey(deps);
  if (revokes) registerRevokeKey(deps);
}
