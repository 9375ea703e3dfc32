import {
  createFrontendModule,
  SubPageBlueprint,
} from '@backstage/frontend-plugin-api';

/** Where people switch off what they do not want to be told. */
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
