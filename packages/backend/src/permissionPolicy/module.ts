import { createBackendModule } from '@backstage/backend-plugin-api';
import { policyExtensionPoint } from '@backstage/plugin-permission-node/alpha';
import { SamplePermissionPolicy } from './SamplePermissionPolicy';

export const samplePermissionPolicy = createBackendModule({
  pluginId: 'permission',
  moduleId: 'sample-policy',
  register(reg) {
    reg.registerInit({
      deps: { policy: policyExtensionPoint },
      async init({ policy }) {
        policy.setPolicy(new SamplePermissionPolicy());
      },
    });
  },
});
