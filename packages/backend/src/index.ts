import { createBackend } from '@backstage/backend-defaults';

const backend = createBackend();

backend.add(import('@backstage/plugin-app-backend'));

backend.add(import('@backstage/plugin-auth-backend'));
backend.add(import('./demoSignIn'));

backend.add(import('@backstage/plugin-catalog-backend'));
backend.add(import('@backstage/plugin-catalog-backend-module-logs'));
backend.add(
  import('@backstage/plugin-catalog-backend-module-scaffolder-entity-model'),
);
backend.add(import('backstage-plugin-catalog-backend-module-acr-cmk'));
backend.add(import('./demoFleet'));

backend.add(import('@backstage/plugin-permission-backend'));
backend.add(import('./permissionPolicy'));

backend.add(import('@backstage/plugin-scaffolder-backend'));
backend.add(import('backstage-plugin-scaffolder-backend-module-acr-cmk'));
backend.add(import('./demoRepositories'));
backend.add(import('./demoRepositories/reader'));

backend.add(import('@backstage/plugin-events-backend'));
backend.add(import('@backstage/plugin-signals-backend'));
backend.add(import('@backstage/plugin-notifications-backend'));

backend.add(import('backstage-plugin-acr-cmk-backend'));
backend.add(import('./demoLimits'));

// Offers the actions of acr-cmk to MCP clients; see backend.actions in app-config.yaml.
backend.add(import('@backstage/plugin-mcp-actions-backend'));

backend.start();
