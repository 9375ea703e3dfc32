/** The tables of docs/permissions.md say what the gate goes by. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  acrCmkPermissions,
  RESOURCE_TYPE_ACR_CMK_REGISTRY,
} from 'backstage-plugin-acr-cmk-common';
import { approvalSetting } from '../../platform/config';
import { EFFECT_RULES, type EffectRule } from './effectRules';

const DOCUMENT = readFileSync(
  join(__dirname, '../../../../../docs/permissions.md'),
  'utf8',
);

/** Rows of the table that begins with this heading, without the heading. */
function rowsBelow(heading: string): string[][] {
  const [, after] = DOCUMENT.split(new RegExp(`^\\| ${heading} +\\|.*\n`, 'm'));
  const lines = after.split('\n');
  return lines
    .slice(
      1,
      lines.findIndex(line => line === ''),
    )
    .map(line =>
      line
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim()),
    );
}

const WHOSE = {
  'its-entities': 'the registry',
  'entities-of-service': 'the resource',
  'entities-of-users': 'the registries that use the key',
  'entity-of-request': 'the request',
};

const inRow = ({ effect, needs, approval, notifies }: EffectRule) => [
  effect,
  needs ? `\`${needs.permission.name}\`` : '–',
  needs?.on ? WHOSE[needs.on] : '–',
  approval ? `\`${approvalSetting(approval).split('.').at(-1)}\`` : '–',
  notifies ? `\`${notifies}\`` : '–',
];

describe('docs/permissions.md', () => {
  it('has a row for each effect, as the gate goes by it', () => {
    expect(rowsBelow('effect')).toEqual(Object.values(EFFECT_RULES).map(inRow));
  });

  it('has a row for each permission, with what it is on', () => {
    const ON = (permission: (typeof acrCmkPermissions)[number]) => {
      if (!('resourceType' in permission)) return '–';
      return permission.resourceType === RESOURCE_TYPE_ACR_CMK_REGISTRY
        ? 'a registry'
        : 'the entity';
    };
    expect(
      rowsBelow('permission')
        .map(([name, on]) => [name, on])
        .sort(),
    ).toEqual(
      acrCmkPermissions
        .map(permission => [`\`${permission.name}\``, ON(permission)])
        .sort(),
    );
  });
});
