import {
  createFrontendModule,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';

/** Page on which people turn off notifications. */
export const settingsModule = createFrontendModule({
  pluginId: 'user-settings',
  extensions: [
    SubPageBlueprint.make({
      name: 'notifications',
      params: {
        path: 'notifications',
        title: 'Notifications',
        loader: async () => {
          const { UserNotificationSettingsCard } =
            await import('@backstage/plugin-notifications');
          return (
            <UserNotificationSettingsCard
              originNames={{ 'plugin:acr-cmk': 'Registry keys' }}
            />
          );
        },
      },
    }),
  ],
});
