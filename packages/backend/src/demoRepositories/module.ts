import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  createTemplateAction,
  scaffolderActionsExtensionPoint,
} from '@backstage/plugin-scaffolder-node';
import { DemoRepositories } from './DemoRepositories';

/** The action `demo:publish`, where a portal with a git host has `publish:github` or the like. */
export const demoRepositories = createBackendModule({
  pluginId: 'scaffolder',
  moduleId: 'demo-repositories',
  register(reg) {
    reg.registerInit({
      deps: {
        actions: scaffolderActionsExtensionPoint,
        config: coreServices.rootConfig,
      },
      async init({ actions, config }) {
        const repositories = DemoRepositories.fromConfig(config);
        actions.addActions(
          createTemplateAction({
            id: 'demo:publish',
            description:
              'Publishes the workspace into a folder that stands for the git host which the demo has not. Replace it by the publish action of yours',
            supportsDryRun: true,
            schema: {
              input: {
                repository: z =>
                  z.string().describe('Lower-case letters, digits and hyphens'),
              },
              output: {
                remoteUrl: z => z.string().describe('Of the repository'),
              },
            },
            async handler(ctx) {
              const { repository } = ctx.input;
              if (ctx.isDryRun) {
                ctx.logger.info(`A dry run: ${repository} is not published`);
                return;
              }
              ctx.output(
                'remoteUrl',
                await repositories.publish(repository, ctx.workspacePath),
              );
            },
          }),
        );
      },
    });
  },
});
