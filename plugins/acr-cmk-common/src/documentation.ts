import { version } from '../package.json';
import { REPOSITORY } from './repository';

/**
 * Version of these packages, such as `0.1.0`; `0.1.0+3020ba8` when they were packed from a checkout, whose
 * commit it then names.
 *
 * @public
 */
export const acrCmkVersion: string = version;

const commit = /\+([0-9a-f]+)/.exec(acrCmkVersion)?.[1];

/**
 * Address of a file of the repository, as it was for this version. Until the repository is public, the path of the file.
 *
 * @param path - such as `docs/permissions.md#in-azure`
 * @public
 */
export function documentationUrl(path: string): string {
  return REPOSITORY
    ? `${REPOSITORY}/blob/${commit ?? `v${acrCmkVersion}`}/${path}`
    : path;
}
