import { arm, vault } from '../errors';
import type { Request, Service } from '../types';

/** Versions of Key Vault's data plane, newest last (azure-rest-api-specs, specification/keyvault/data-plane). */
const VAULT_VERSIONS = [
  '2015-06-01',
  '2016-10-01',
  '7.0',
  '7.1',
  '7.2',
  '7.3',
  '7.4',
  '7.5',
  '7.6',
  '2025-07-01',
];

/** Previews that clients of today still send: azure-cli 2.74 and its SDKs. */
const VAULT_PREVIEWS = [
  '7.4-preview.1',
  '7.5-preview.1',
  '7.6-preview.1',
  '7.6-preview.2',
  '2025-06-01-preview',
];

const LATEST_OF_VAULTS = VAULT_VERSIONS[VAULT_VERSIONS.length - 1];

/** Version for requests of the emulator's own that name none. */
export function apiVersionFor(service: Service): string {
  return service === 'vault' ? LATEST_OF_VAULTS : '2025-11-01';
}

/**
 * Refuses a request without an api-version. ARM has one per resource type, so any well-formed one is
 * accepted there; a vault knows its own.
 */
export function checkApiVersion({ service, query }: Request) {
  const version = query.get('api-version');
  if (service === 'arm') {
    if (!version) throw arm.missingApiVersion();
    if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/i.test(version)) {
      throw arm.invalidApiVersion(version);
    }
  }
  if (service === 'vault') {
    if (!version) throw vault.missingApiVersion();
    if (![...VAULT_VERSIONS, ...VAULT_PREVIEWS].includes(version)) {
      throw vault.unknownApiVersion(version, LATEST_OF_VAULTS);
    }
  }
}
