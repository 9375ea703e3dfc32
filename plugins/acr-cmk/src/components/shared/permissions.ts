import { useCallback } from 'react';
import { useTexts, type Texts } from '../../translations/ref';

/** Permissions of the plugin, with the keys of their descriptions. */
const MEANINGS = {
  'acr-cmk.use': 'use',
  'acr-cmk.registry.read': 'registry-read',
  'acr-cmk.key.rotate': 'key-rotate',
  'acr-cmk.key.revoke': 'key-revoke',
  'acr-cmk.key.restore': 'key-restore',
  'acr-cmk.key.grant': 'key-grant',
  'acr-cmk.unbound.change': 'unbound-change',
  'acr-cmk.registry.create': 'registry-create',
  'acr-cmk.operation.approve': 'operation-approve',
  'acr-cmk.campaign.create': 'campaign-create',
  'acr-cmk.audit.read': 'audit-read',
  'acr-cmk.doctor.read': 'doctor-read',
  'acr-cmk.inventory.read': 'inventory-read',
  'acr-cmk.inventory.sync': 'inventory-sync',
  'acr-cmk.fleet.read': 'fleet-read',
} as const;

type PermissionName = keyof typeof MEANINGS;

const NAMES = Object.keys(MEANINGS) as PermissionName[];

/** The permission that a message of the backend names. */
export function permissionIn(message = ''): PermissionName | undefined {
  return NAMES.find(name => message.includes(name));
}

/** Adds to a permission in a message what it allows: its name alone means nothing to most people. */
export function explainPermissions(t: Texts, message: string): string {
  const name = permissionIn(message);
  if (!name) return message;
  const meaning = t(`permissions.${MEANINGS[name]}`);
  const at = message.indexOf(name);
  const [before, after] = [
    message.slice(0, at),
    message.slice(at + name.length),
  ];
  // No brackets in brackets.
  return before.endsWith('(')
    ? `${before}${name}, to ${meaning}${after.startsWith(')') ? '' : ','}${after}`
    : `${before}${name} (${meaning})${after}`;
}

export function useExplainPermissions(): (message: string) => string {
  const t = useTexts();
  return useCallback((message: string) => explainPermissions(t, message), [t]);
}
