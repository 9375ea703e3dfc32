import type { PlannedStep } from 'backstage-plugin-acr-cmk-common';

/** The steps as a script for a shell with `az`; empty when no step names its commands. */
export function azScript(steps: readonly PlannedStep[]): string {
  return steps
    .flatMap(({ title, commands = [] }, index) =>
      commands.length > 0
        ? [`# ${index + 1}. ${title}\n${commands.join('\n')}\n`]
        : [],
    )
    .join('\n');
}
