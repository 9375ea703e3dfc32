import { grant, identityOf } from './access';
import { type Answer, expectSuccess, refusalOf } from './Azure';
import { pullImage, pushImage } from './image';
import { ensureKey } from './keys';
import { until } from './measured';
import { PURPOSES, type Purpose, VAULT_OF } from './names';
import type { Lab } from './probe';
import type { Steps } from './steps';
import { openFirewall } from './vaultFirewall';
import { settled } from './waiting';

/** How long a resource may take until it is ready. Seconds. */
const PATIENCE = 1800;

const RETENTION_DAYS = 7;

/** Group, vaults and identities: what needs no key. Whatever is there already is left as it is. */
export async function* makeBase(lab: Lab): Steps<void> {
  const { names, caller, state } = lab;
  const { tags, location } = names;
  state.note({ kind: 'group', id: names.groupId });
  yield* ensure(lab, 'make a resource group', {
    id: names.groupId,
    body: {
      location,
      tags,
    },
  });
  for (const purpose of PURPOSES) {
    yield* ensure(lab, 'create an identity', {
      id: names.identityId(purpose),
      body: {
        location,
        tags,
      },
    });
  }
  for (const model of ['roles', 'policies'] as const) {
    state.note({ kind: 'vault', id: names.vaultId(model) });
    yield* ensure(lab, `create a vault with ${model}`, {
      id: names.vaultId(model),
      body: {
        location,
        tags,
        properties: {
          tenantId: caller.tenantId,
          sku: { family: 'A', name: 'standard' },
          enableRbacAuthorization: model === 'roles',
          softDeleteRetentionInDays: RETENTION_DAYS,
          accessPolicies:
            model === 'roles'
              ? []
              : [
                  {
                    tenantId: caller.tenantId,
                    objectId: caller.objectId,
                    permissions: { keys: ['all'] },
                  },
                ],
        },
      },
    });
  }
}

/** Keys, rights and registries, each with an image. */
export async function* makeRegistries(lab: Lab): Steps<void> {
  for (const purpose of PURPOSES) {
    yield* ensureKey(lab, purpose);
    lab.azure.scrubber.learn(
      (await identityOf(lab, purpose)).clientId,
      'identityClientId',
    );
    lab.azure.scrubber.learn(
      (await identityOf(lab, purpose)).principalId,
      'identityPrincipalId',
    );
    await grant(lab, purpose);
  }
  for (const purpose of PURPOSES) yield* makeRegistry(lab, purpose);
}

async function* makeRegistry(lab: Lab, purpose: Purpose): Steps<void> {
  const { azure, names, time } = lab;
  const id = names.registryId(purpose);
  const { clientId } = await identityOf(lab, purpose);
  const { json: key } = expectSuccess(
    'read a key',
    await azure.vault('GET', names.keyUri(purpose)),
  );
  const body = {
    location: names.location,
    tags: names.tags,
    sku: { name: 'Premium' },
    identity: {
      type: 'UserAssigned',
      userAssignedIdentities: { [names.identityId(purpose)]: {} },
    },
    properties: {
      encryption: {
        status: 'enabled',
        keyVaultProperties: {
          // Only the one that is to follow is automatic: versions of the others are disabled under them.
          keyIdentifier:
            purpose === 'follow' ? names.keyUri(purpose) : key.key.kid,
          identity: clientId,
        },
      },
    },
  };
  const giveUpAt = time.now() + PATIENCE * 1000;
  for (;;) {
    const present = await azure.arm('GET', id);
    if (present.status === 200) break;
    const answer = await azure.arm('PUT', id, { body });
    if (answer.status < 300) {
      azure.record('create a registry', answer);
      break;
    }
    const { message } = refusalOf(answer);
    if (/purge.?protection/i.test(message)) yield* protect(lab, purpose);
    // Rights that were just given take a while.
    else if (!/access|permission/i.test(message) || time.now() > giveUpAt) {
      expectSuccess('create a registry', answer);
    }
    yield 15_000;
  }
  yield* settled(lab, 'create a registry', id);
  azure.record('show a registry', await azure.arm('GET', id));
  yield* ensureImage(lab, purpose);
}

/** What a subscription may ask of a vault with keys of registries; it makes its deletion take days. */
async function* protect(lab: Lab, purpose: Purpose): Steps<void> {
  const id = lab.names.vaultId(VAULT_OF[purpose]);
  const answer = await lab.azure.arm('PATCH', id, {
    body: { properties: { enablePurgeProtection: true } },
  });
  expectSuccess('turn purge protection on', answer);
  yield* settled(lab, 'turn purge protection on', id);
}

async function* ensureImage(
  { azure, names, time }: Lab,
  purpose: Purpose,
): Steps<void> {
  const host = names.loginServer(purpose);
  const start = { sentAt: time.now(), answeredAt: time.now() };
  let last: Answer | undefined;
  const { atMost } = yield* until(
    { time, start, limitSeconds: PATIENCE },
    async () => {
      last = await pullImage(azure, host);
      if (last.status === 404) await pushImage(azure, host);
      return last.status === 200;
    },
  );
  if (atMost === null) expectSuccess('pull an image', last!);
}

/** Makes a resource unless it is there, and waits until it is ready. */
async function* ensure(
  lab: Lab,
  operation: string,
  { id, body }: { id: string; body: object },
): Steps<void> {
  const { azure } = lab;
  const present = await azure.arm('GET', id);
  if (present.status === 404) {
    const answer = await azure.arm('PUT', id, { body });
    azure.record(operation, expectSuccess(operation, answer));
  } else {
    expectSuccess(operation, present);
  }
  const { json } = yield* settled(lab, operation, id);
  // The probe of the firewall was interrupted: the check itself would stay outside.
  if (json.properties?.networkAcls?.defaultAction === 'Deny') {
    yield* openFirewall(lab);
  }
}
