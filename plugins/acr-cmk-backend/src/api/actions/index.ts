import type { AuthService } from '@backstage/backend-plugin-api';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import {
  ActionRefused,
  acrCmkUsePermission,
} from 'backstage-plugin-acr-cmk-common';
import type { RequestKind, RequestLimit } from '../http/RequestLimit';
import { registerAcceptActions } from './acceptPlan';
import { registerGetCampaign, registerPreviewCampaign } from './campaigns';
import type { Services } from '../http/services';
import type { ActionDeps } from './deps';
import { registerFindRegistries } from './findRegistries';
import { registerGetOperation } from './getOperation';
import { registerGetRegistryEncryption } from './getRegistryEncryption';
import { registerPlanKeyOperation } from './planKeyOperation';

/** Actions that REST offers with GET; the others are limited as writes. */
const READS: ReadonlySet<string> = new Set([
  'find-registries',
  'get-campaign',
  'get-key-operation',
  'get-registry-encryption',
]);

/** A revoke is limited apart from other writes, as by REST. */
function kindOf(action: string, input: object): RequestKind {
  if (READS.has(action)) return 'read';
  const { intent } = input as { intent?: { kind?: string } };
  return action === 'accept-revoke-plan' || intent?.kind === 'revoke'
    ? 'revoke'
    : 'write';
}

/**
 * The plugin for programs: actions that the actions registry offers to MCP clients and templates.
 * Parse, call a service, answer. The registry removes from an answer what its schema does not name.
 */
export function registerActions({
  registry,
  services,
  limit,
  auth,
  revokes,
}: {
  registry: Pick<ActionsRegistryService, 'register'>;
  services: Services;
  limit: RequestLimit;
  auth: AuthService;
  revokes: boolean;
}): void {
  const deps: ActionDeps = {
    registry: {
      register: options =>
        registry.register({
          visibilityPermission: acrCmkUsePermission,
          ...options,
          action: call =>
            limit.run(
              {
                credentials: call.credentials,
                kind: kindOf(options.name, call.input),
              },
              () => options.action(call),
            ),
        }),
    },
    services,
    revokes,
    person(credentials) {
      if (auth.isPrincipal(credentials, 'user')) return credentials;
      throw new ActionRefused(
        'key-operation',
        'Only people may plan and change keys. Call this with the token of a person, not of a service',
      );
    },
  };
  registerGetRegistryEncryption(deps);
  registerFindRegistries(deps);
  registerGetOperation(deps);
  registerPlanKeyOperation(deps);
  registerPreviewCampaign(deps);
  registerGetCampaign(deps);
  registerAcceptActions(deps);
}
