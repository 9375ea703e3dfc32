import {
  coreServices,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import {
  createTemplateAction,
  scaffolderActionsExtensionPoint,
} from '@backstage/plugin-scaffolder-node';
import { DemoRepositories } from './DemoRepositories';

/** The action `demo:publish`. A portal with a git host uses `publish:github` or the like instead. */
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
              'Publishes the workspace into a folder, because the demo has no git host. Use your own publish action instead',
            supportsDryRun: true,
            schema: {
              input: {
                repository: z =>
                  z.string().describe('Lower-case letters, digits and hyphens'),
              },
              output: {
                remoteUrl: z =>
                  z.string().describe('Address of the repository'),
              },
            },
            async handler(ctx) {
              const { repository } = ctx.input;
              if (ctx.isDryRun) {
                ctx.logger.info(`Dry run: ${repository} is not published`);
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
