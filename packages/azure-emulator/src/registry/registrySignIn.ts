import crypto from 'node:crypto';
import { registry as errors } from '../errors';
import { Principal, Registry } from '../state/model';
import { permitsByRole } from '../access/roleAccess';
import { Secrets, Tokens } from '../entra/tokens';
import type { Azure, RegistryAccess, Request } from '../types';
import { hostLabel } from '../http/hosts';

const REGISTRY = 'Microsoft.ContainerRegistry/registries';

/** The actions on a repository, each with the control-plane action that permits it. */
const REPOSITORY_ACTIONS: Record<string, string> = {
  pull: `${REGISTRY}/pull/read`,
  metadata_read: `${REGISTRY}/pull/read`,
  push: `${REGISTRY}/push/write`,
  metadata_write: `${REGISTRY}/push/write`,
  delete: `${REGISTRY}/artifacts/delete`,
};

/** The caller of a request to a registry, and the limits of its token. */
export interface RegistryCaller {
  principal: Principal;
  /** The scopes of an access token; absent for user name and password. */
  access?: RegistryAccess[];
}

function sameText(given: string, right: string): boolean {
  const digest = (text: string) =>
    crypto.createHash('sha256').update(text).digest();
  return crypto.timingSafeEqual(digest(given), digest(right));
}

function audienceOf({ host }: Request): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

function may(
  azure: Azure,
  { registry, principal }: { registry: Registry; principal: Principal },
  action: string,
): boolean {
  return (
    principal.admin === true ||
    permitsByRole(azure, {
      principalId: principal.id,
      action,
      scope: registry.id,
      plane: 'control',
    })
  );
}

export const mayPull = (
  azure: Azure,
  registry: Registry,
  principal: Principal,
) => may(azure, { registry, principal }, REPOSITORY_ACTIONS.pull);

/** Signing in to a registry: by its own tokens, or with the secret of a service principal. */
export class RegistrySignIn {
  constructor(
    private readonly azure: Azure,
    private readonly tokens: Tokens,
    private readonly secrets: Secrets,
  ) {}

  /** The caller of a request; undefined when it has no credentials. */
  identify(request: Request): RegistryCaller | undefined {
    const header = request.headers.authorization ?? '';
    const [, scheme, value] = /^(\w+) (.+)$/.exec(header) ?? [];
    switch (scheme?.toLowerCase()) {
      case 'bearer':
        return this.byAccessToken(request, value);
      case 'basic': {
        const text = Buffer.from(value, 'base64').toString('utf8');
        const at = text.indexOf(':');
        return {
          principal: this.bySecret(text.slice(0, at), text.slice(at + 1)),
        };
      }
      default:
        return undefined;
    }
  }

  private byAccessToken(request: Request, token: string): RegistryCaller {
    const claims = this.tokens.checkFor(token, audienceOf(request));
    if (typeof claims === 'string' || claims.grant_type !== 'access_token') {
      throw errors.denied();
    }
    return {
      principal: this.principal(claims.oid),
      access: claims.access ?? [],
    };
  }

  byRefreshToken(request: Request, token: string): Principal {
    const claims = this.tokens.checkFor(token, audienceOf(request));
    if (typeof claims === 'string' || claims.grant_type !== 'refresh_token') {
      throw errors.denied();
    }
    return this.principal(claims.oid);
  }

  /** An access token of Entra, for ARM or for registries. */
  byEntraToken(token: string): Principal {
    const claims = ['registry' as const, 'arm' as const]
      .map(service => this.tokens.check(token, service))
      .find(found => typeof found !== 'string');
    if (!claims || typeof claims === 'string') {
      throw errors.denied();
    }
    return this.principal(claims.oid);
  }

  private bySecret(user: string, password: string): Principal {
    const secret = this.secrets.get(user.toLowerCase());
    const principal = this.azure.principalsByAppId.first(user);
    if (!principal || secret === undefined || !sameText(password, secret)) {
      throw errors.denied();
    }
    return principal;
  }

  private principal(id: string): Principal {
    const found = this.azure.store.get('principals', id);
    if (!found) throw errors.denied();
    return found;
  }

  refreshToken(request: Request, principal: Principal): string {
    return this.tokens.issue(principal, audienceOf(request), {
      grant_type: 'refresh_token',
    });
  }

  /** An access token for those of the requested scopes that the principal may use. */
  accessToken(
    request: Request,
    principal: Principal,
    scopes: string[],
  ): string {
    const registry = this.azure.registriesByName.first(hostLabel(request));
    const access = scopes.flatMap(scope => {
      const granted = registry && this.grant(registry, principal, scope);
      return granted?.actions.length ? [granted] : [];
    });
    return this.tokens.issue(principal, audienceOf(request), {
      grant_type: 'access_token',
      access,
    });
  }

  private grant(
    registry: Registry,
    principal: Principal,
    scope: string,
  ): RegistryAccess | undefined {
    const [, type, name, list] =
      /^(repository|registry):(.+):([^:]*)$/.exec(scope) ?? [];
    if (!type) return undefined;
    const actions = list
      .split(',')
      .filter(action =>
        type === 'registry'
          ? mayPull(this.azure, registry, principal)
          : this.allows(registry, principal, action),
      );
    return { type, name, actions };
  }

  private allows(
    registry: Registry,
    principal: Principal,
    action: string,
  ): boolean {
    if (action === '*') return principal.admin === true;
    const needed = REPOSITORY_ACTIONS[action];
    return (
      needed !== undefined && may(this.azure, { registry, principal }, needed)
    );
  }
}
