import { KeyIdentifier } from 'backstage-plugin-acr-cmk-common';
import type { StepSpec } from './index';

const textOf = (...parts: unknown[]) =>
  parts.map(part => JSON.stringify(part).toLowerCase()).join(' ');

/**
 * What a step gives back, as a text that is equal for two steps which give back the same under other
 * names, such as one role assignment with two ids. Nothing for a step that gives nothing back.
 */
export function givesBack(spec: StepSpec): string | undefined {
  switch (spec.kind) {
    case 'recover-key':
      return textOf('key', KeyIdentifier.parse(spec.key).keyOfKey);
    case 'set-version-enabled':
      return spec.enabled ? textOf('version', spec.key) : undefined;
    case 'add-access-policy':
      return textOf(
        'policy',
        spec.vaultId,
        spec.entry.objectId,
        ...[...spec.entry.keys].sort(),
      );
    case 'create-role-assignment': {
      const { scope, principalId, roleDefinitionId, condition } =
        spec.assignment;
      return textOf(
        'assignment',
        scope,
        principalId,
        roleDefinitionId,
        condition ?? '',
      );
    }
    default:
      return undefined;
  }
}
