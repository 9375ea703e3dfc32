import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import { ORIGIN_HEADER } from 'backstage-plugin-acr-cmk-common';
import type { Request } from 'express';

/**
 * A token that a plugin got for a person, such as the scaffolder's, names that plugin. The client of
 * the scaffolder's module says it as well.
 */
export function originOf(
  { principal }: BackstageCredentials<BackstageUserPrincipal>,
  req: Request,
): 'program' | 'person' {
  return principal.actor || req.header(ORIGIN_HEADER) === 'program'
    ? 'program'
    : 'person';
}
