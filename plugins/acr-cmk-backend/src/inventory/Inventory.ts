import type {
  AzureProblem,
  Fact,
  KeyFacts,
  RegistryFacts,
  RoleAssignmentFacts,
  VaultFacts,
} from 'backstage-plugin-acr-cmk-common';
import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../azure/AzureError';
import type {
  AzureAnswer,
  AzurePorts,
  CredentialName,
  DeletedKeyFacts,
  IdentityFacts,
  ListedKey,
  LockFacts,
  PermissionSet,
} from '../azure/ports';
import { identityOf, type RegistryFactBundle } from '../cmk/encryptedRegistry';
import type { FactStore, StoredFact } from './FactStore';

/** How old facts may be. Milliseconds. */
export interface Freshness {
  maxAgeMs: number;
}

/** Facts younger than this make no call to Azure, however many people look. */
export const FRESH: Freshness = { maxAgeMs: 60_000 };
/** For a person who presses Refresh: not more often than that. */
export const REFRESHED: Freshness = { maxAgeMs: 5_000 };
/** For a plan and its acceptance: what is there now. */
export const NOW: Freshness = { maxAgeMs: 0 };

/** A reading that failed is not tried again sooner than this. Milliseconds. */
const RETRY_AFTER_MS = 10_000;

/**
 * What is known of registries, vaults, keys and grants, how old it is, and the reading that makes
 * it young again.
 *
 * Identical readings at the same time are one call. A failed reading keeps what was known, with
 * its age and the reason.
 */
export class Inventory {
  readonly #facts: FactStore;
  readonly #azure: AzurePorts;
  readonly #underWay = new Map<
    string,
    { askedAt: number; reading: Promise<Fact<unknown>> }
  >();

  constructor(options: { facts: FactStore; azure: AzurePorts }) {
    this.#facts = options.facts;
    this.#azure = options.azure;
  }

  registry(id: RegistryId, freshness: Freshness): Promise<Fact<RegistryFacts>> {
    return this.#read('registry', id.key, freshness, () =>
      this.#azure.registries.get(id),
    );
  }

  /** Every registry of a subscription that the read credential may see. */
  registries(
    subscriptionId: string,
    freshness: Freshness,
  ): Promise<Fact<RegistryFacts[]>> {
    return this.#read(
      'registries',
      subscriptionId.toLowerCase(),
      freshness,
      () => this.#azure.registries.listBySubscription(subscriptionId),
    );
  }

  vaults(
    subscriptionId: string,
    freshness: Freshness,
  ): Promise<Fact<VaultFacts[]>> {
    return this.#read('vaults', subscriptionId.toLowerCase(), freshness, () =>
      this.#azure.vaults.listBySubscription(subscriptionId),
    );
  }

  /**
   * The vault of a key, looked for by name in the given subscriptions: nothing in Azure maps a
   * vault's host to its resource id.
   */
  async vault(
    name: string,
    subscriptions: readonly string[],
    freshness: Freshness,
  ): Promise<Fact<VaultFacts>> {
    let problem: AzureProblem = {
      kind: 'not-found',
      code: 'VaultNotFound',
      message: `No vault ${name} is to be found in the subscriptions of acrCmk.scopes`,
    };
    for (const subscription of subscriptions) {
      const vaults = await this.vaults(subscription, freshness);
      if (!vaults.known) {
        problem = vaults.problem;
        continue;
      }
      const vault = vaults.value.find(
        candidate => candidate.name.toLowerCase() === name.toLowerCase(),
      );
      if (vault) return { ...vaults, value: vault };
    }
    return { known: false, problem };
  }

  key(
    vaultId: string,
    keyName: string,
    freshness: Freshness,
  ): Promise<Fact<KeyFacts>> {
    return this.#read(
      'key',
      `${vaultId}/keys/${keyName}`.toLowerCase(),
      freshness,
      () => this.#azure.keys.get(vaultId, keyName),
    );
  }

  /** Every key of a vault, without its versions. */
  keysOf(vaultId: string, freshness: Freshness): Promise<Fact<ListedKey[]>> {
    return this.#read('keys', vaultId.toLowerCase(), freshness, () =>
      this.#azure.keys.list(vaultId),
    );
  }

  /** A soft-deleted key. Asked of the vault itself, with the credential that could recover it. */
  deletedKey(
    key: KeyIdentifier,
    freshness: Freshness,
  ): Promise<Fact<DeletedKeyFacts>> {
    return this.#read('deleted-key', key.keyOfKey, freshness, () =>
      this.#azure.keys.getDeleted(key.versionless, 'revoke'),
    );
  }

  /** Is a registry's name free in all of Azure? */
  registryName(
    id: RegistryId,
    freshness: Freshness,
  ): Promise<Fact<{ free: boolean; message?: string }>> {
    return this.#read('registry-name', id.key, freshness, () =>
      this.#azure.registries.checkName(id.subscriptionId, id.name, 'provision'),
    );
  }

  /** Every user-assigned identity of a subscription. */
  identities(
    subscriptionId: string,
    freshness: Freshness,
  ): Promise<Fact<IdentityFacts[]>> {
    return this.#read(
      'identities',
      subscriptionId.toLowerCase(),
      freshness,
      () => this.#azure.identities.listBySubscription(subscriptionId),
    );
  }

  /** Management locks that hold at a scope. */
  locks(scope: string, freshness: Freshness): Promise<Fact<LockFacts[]>> {
    return this.#read('locks', scope.toLowerCase(), freshness, () =>
      this.#azure.locks.list(scope),
    );
  }

  /** What one of our own credentials may do at a scope. */
  permissions(
    scope: string,
    credential: CredentialName,
    freshness: Freshness,
  ): Promise<Fact<PermissionSet[]>> {
    return this.#read(
      'permissions',
      `${credential} ${scope}`.toLowerCase(),
      freshness,
      () => this.#azure.access.permissionsOfCaller(scope, credential),
    );
  }

  assignments(
    principalId: string,
    scope: string,
    freshness: Freshness,
  ): Promise<Fact<RoleAssignmentFacts[]>> {
    return this.#read(
      'assignments',
      `${principalId} ${scope}`.toLowerCase(),
      freshness,
      () => this.#azure.access.assignmentsFor(principalId, scope),
    );
  }

  /** A registry with everything that its encryption hangs on. */
  async bundle(
    registry: Fact<RegistryFacts> & { known: true },
    subscriptions: readonly string[],
    freshness: Freshness,
  ): Promise<RegistryFactBundle> {
    const { encryption } = registry.value;
    const key = KeyIdentifier.tryParse(encryption.keyIdentifier);
    if (!key) return { registry: registry.value };
    const vault = await this.vault(key.vaultName, subscriptions, freshness);
    if (!vault.known) {
      return { registry: registry.value, vault, key: vault };
    }
    const principalId = encryption.identity
      ? identityOf(registry.value, encryption.identity).principalId
      : undefined;
    const [keyFacts, assignments] = await Promise.all([
      this.key(vault.value.id, key.keyName, freshness),
      vault.value.permissionModel === 'rbac' && principalId
        ? this.assignments(
            principalId,
            `${vault.value.id}/keys/${key.keyName}`,
            freshness,
          )
        : undefined,
    ]);
    return { registry: registry.value, vault, key: keyFacts, assignments };
  }

  /** What is known of this registry, its vault, key and grants is old: we have changed something. */
  async expire(bundle: RegistryFactBundle): Promise<void> {
    const id = RegistryId.parse(bundle.registry.id);
    await this.#facts.expire('registry', id.key);
    await this.#facts.expire('registries', id.subscriptionId);
    const { encryption } = bundle.registry;
    if (!bundle.vault?.known) return;
    const vaultId = bundle.vault.value.id;
    await this.#facts.expire('vaults', vaultId.split('/')[2].toLowerCase());
    const key = KeyIdentifier.tryParse(encryption.keyIdentifier);
    if (!key) return;
    await this.expireKey(vaultId, key);
    const scope = `${vaultId}/keys/${key.keyName}`.toLowerCase();
    const principalId = encryption.identity
      ? identityOf(bundle.registry, encryption.identity).principalId
      : undefined;
    if (principalId) {
      await this.#facts.expire(
        'assignments',
        `${principalId} ${scope}`.toLowerCase(),
      );
    }
  }

  /** What is known of this key is old, soft-deleted or not. */
  async expireKey(vaultId: string, key: KeyIdentifier): Promise<void> {
    await this.#facts.expire('keys', vaultId.toLowerCase());
    await this.#facts.expire(
      'key',
      `${vaultId}/keys/${key.keyName}`.toLowerCase(),
    );
    await this.#facts.expire('deleted-key', key.keyOfKey);
  }

  async #read<T>(
    kind: string,
    subject: string,
    { maxAgeMs }: Freshness,
    ask: () => Promise<AzureAnswer<T>>,
  ): Promise<Fact<T>> {
    const [stored, now] = await Promise.all([
      this.#facts.read<T>(kind, subject),
      this.#facts.now(),
    ]);
    if (stored && isFresh(stored, now, maxAgeMs)) return toFact(stored);

    const name = `${kind} ${subject} ${maxAgeMs === 0 ? 'now' : ''}`;
    const underWay = this.#underWay.get(name);
    if (underWay && isYounger(underWay.askedAt, stored)) {
      return underWay.reading as Promise<Fact<T>>;
    }
    const reading = this.#ask(kind, subject, now, ask);
    const entry = { askedAt: now, reading };
    this.#underWay.set(name, entry);
    const forget = () => {
      if (this.#underWay.get(name) === entry) this.#underWay.delete(name);
    };
    reading.then(forget, forget);
    return reading;
  }

  async #ask<T>(
    kind: string,
    subject: string,
    askedAt: number,
    ask: () => Promise<AzureAnswer<T>>,
  ): Promise<Fact<T>> {
    try {
      const { value, azureAt } = await ask();
      await this.#facts.keep(kind, subject, { value, azureAt }, askedAt);
      return { known: true, value, observedAt: askedAt, azureAt };
    } catch (error) {
      if (!(error instanceof AzureError)) throw error;
      const problem = error.toProblem();
      await this.#facts.keepProblem(kind, subject, problem, askedAt);
      const stored = await this.#facts.read<T>(kind, subject);
      // What is gone is gone: an old picture of it would mislead.
      return stored && problem.kind !== 'not-found'
        ? toFact(stored)
        : { known: false, problem };
    }
  }
}

function isFresh(
  fact: StoredFact<unknown>,
  now: number,
  maxAgeMs: number,
): boolean {
  if (maxAgeMs === 0) return false;
  const { observedAt, problemAt, problem } = fact;
  const failedLately =
    problem !== undefined &&
    problemAt !== undefined &&
    isYounger(problemAt, fact) &&
    now - problemAt < RETRY_AFTER_MS;
  if (failedLately) return true;
  return (
    observedAt !== undefined &&
    isYounger(observedAt, fact) &&
    now - observedAt < maxAgeMs
  );
}

/** Did a reading begin after we last changed what it reads? */
function isYounger(
  askedAt: number,
  stored: Pick<StoredFact<unknown>, 'expiredAt'> | undefined,
): boolean {
  return stored?.expiredAt === undefined || askedAt > stored.expiredAt;
}

function toFact<T>(stored: StoredFact<T>): Fact<T> {
  const { value, observedAt, azureAt, problem } = stored;
  const gone = problem?.kind === 'not-found';
  if (
    value === undefined ||
    observedAt === undefined ||
    azureAt === undefined ||
    gone
  ) {
    return {
      known: false,
      problem: problem ?? {
        kind: 'unavailable',
        code: 'NotRead',
        message: 'It has not been read yet',
      },
    };
  }
  return {
    known: true,
    value,
    observedAt,
    azureAt,
    ...(problem ? { refreshProblem: problem } : {}),
  };
}
