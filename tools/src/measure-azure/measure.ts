import type { DEFAULT_ASSUMPTIONS } from 'azure-emulator';
import {
  type Answer,
  done,
  refusalOf,
} from 'backstage-plugin-acr-cmk-backend/src/azure/__testUtils__/azureRequests';
import type { Model } from 'backstage-plugin-acr-cmk-backend/src/azure/__testUtils__/TestGroup';
import {
  createLab,
  type Deps,
  type Lab,
  LIMIT,
  type Span,
  type Timed,
} from './lab';

export type Measured = Span | { value: unknown } | { unknown: string };
/** Measurements by the name of the assumption, such as `pulls.keyDeleted.status`. */
export type Measurements = Record<string, Measured>;

/** One thing to ask Azure. */
interface Question {
  asks: string[];
  measure(lab: Lab, known: Measurements): Promise<Measurements>;
}

/** Subtracts one wait from another that contains it. */
function after(total: Span, part: Measured | undefined): Measured {
  if (!part) return total;
  if (!('atLeast' in part) || part.atMost === null) {
    return { unknown: 'a wait that is a part of it is not known' };
  }
  return {
    atLeast: Math.max(0, total.atLeast - part.atMost),
    atMost:
      total.atMost === null ? null : Math.max(0, total.atMost - part.atLeast),
  };
}

/** Measures the delay after which a removal and a return of our own right to a vault take effect. */
async function lateness({ azure, group, timed, until }: Lab, model: Model) {
  const may = async () =>
    (await azure.vault('GET', `${group.vaultUrl(model)}/keys`)).status === 200;
  const taken = await timed(() => group.setOwnAccess(model, false));
  const lost = await until(async () => !(await may()), taken);
  const back = await until(
    may,
    await timed(() => group.setOwnAccess(model, true)),
  );
  if (lost.atMost === null) {
    throw new Error('the account may use keys without a right in the vault');
  }
  return { lost, back };
}

const OF_VAULTS: Question[] = [
  {
    asks: ['roleRemovalDelaySeconds', 'roleAssignmentDelaySeconds'],
    async measure(lab) {
      const { lost, back } = await lateness(lab, 'roles');
      return {
        roleRemovalDelaySeconds: lost,
        roleAssignmentDelaySeconds: back,
      };
    },
  },
  {
    asks: ['accessPolicyDelaySeconds'],
    async measure(lab) {
      const { lost, back } = await lateness(lab, 'policies');
      const isSlower = (back.atMost ?? LIMIT) > (lost.atMost ?? LIMIT);
      return { accessPolicyDelaySeconds: isSlower ? back : lost };
    },
  },
  {
    asks: [
      'deletedKeyDelaySeconds',
      'recoveredKeyDelaySeconds',
      'recoveredKeyKeepsRoles',
    ],
    async measure({ azure, group, timed, until }) {
      await group.makeKey('roles', 'deleted');
      const { principalId } = await group.makeIdentity('id-deleted');
      const grant = { key: 'deleted', principalId };
      await timed(() => group.setAccess('roles', grant, true));
      const key = `${group.vaultUrl('roles')}/keys/deleted`;
      const bin = key.replace('/keys/', '/deletedkeys/');
      const isThere = (url: string) => async () =>
        (await azure.vault('GET', url)).status === 200;
      const deleted = await timed(() => azure.vault('DELETE', key));
      const gone = await until(isThere(bin), deleted);
      const recovered = await timed(() =>
        azure.vault('POST', `${bin}/recover`),
      );
      const back = await until(isThere(key), recovered);
      const { json } = await done(
        'list role assignments',
        azure.arm(
          'GET',
          `${group.vaultId('roles')}/keys/deleted/providers/Microsoft.Authorization/roleAssignments?$filter=atScope()`,
        ),
      );
      const keeps = json.value.some(
        ({ properties }: { properties: { principalId: string } }) =>
          properties.principalId === principalId,
      );
      return {
        deletedKeyDelaySeconds: gone,
        recoveredKeyDelaySeconds: back,
        recoveredKeyKeepsRoles: { value: keeps },
      };
    },
  },
];

const rowOf = async ({ query, registryId }: Lab) =>
  (
    await query(
      `resources | where type =~ 'microsoft.containerregistry/registries' | where id =~ '${registryId}' | project tags, encryption = properties.encryption`,
    )
  ).data[0];

const OF_THE_REGISTRY: Question[] = [
  {
    asks: [
      'registryOperationSeconds',
      'operationRetryAfterSeconds',
      'operationRunningStatus',
    ],
    async measure({ patch }) {
      const change = { tags: { probe: 'operation' } };
      const { accepted, statuses, took } = await patch(change);
      const { 'retry-after': retryAfter = null } = accepted.headers;
      const [value] = statuses;
      return {
        registryOperationSeconds: took,
        operationRetryAfterSeconds: { value: retryAfter && Number(retryAfter) },
        operationRunningStatus:
          statuses.length > 1 ? { value } : { unknown: 'it had ended already' },
      };
    },
  },
  {
    asks: ['resourceGraphDelaySeconds'],
    async measure(lab) {
      const { azure, group, now, timed, until } = lab;
      await until(async () => (await rowOf(lab)) !== undefined);
      const vault = group.vaultId('roles');
      const probe = `graph-${now()}`;
      const tagged = await timed(() =>
        azure.arm('PATCH', vault, { tags: { probe } }),
      );
      const isShown = async () => {
        const { data } = await lab.query(
          `resources | where type =~ 'microsoft.keyvault/vaults' | where id =~ '${vault}' | project tags`,
        );
        return data[0]?.tags?.probe === probe;
      };
      return { resourceGraphDelaySeconds: await until(isShown, tagged) };
    },
  },
  {
    asks: [
      'followDelaySeconds',
      'followRetrySeconds',
      'resourceGraphShowsVersionInUse',
      'resourceGraphFollowDelaySeconds',
    ],
    async measure(lab) {
      const { azure, setAccess, sleep, timed, until } = lab;
      const rotate = () =>
        timed(() => azure.vault('POST', `${lab.keyUrl('roles')}/rotate`));
      const uses = (rotated: Timed) => async () =>
        (await lab.versionInUse()) === rotated.json.key.kid;
      const rotated = await rotate();
      const followed = await until(uses(rotated), rotated, 3 * LIMIT);
      if (followed.atMost === null) throw new Error('it does not follow');
      const shown = async () =>
        (await rowOf(lab)).encryption.keyVaultProperties.versionedKeyIdentifier;
      const shows = (await shown()) !== undefined;
      const indexed =
        shows &&
        (await until(
          async () => (await shown()) === rotated.json.key.kid,
          rotated,
          followed.atMost + LIMIT,
        ));
      // The registry cannot use its key when it should follow, and can ten minutes later.
      await setAccess('roles', false);
      const missed = await rotate();
      await sleep((followed.atMost + 600) * 1000);
      await setAccess('roles', true);
      const total = await until(uses(missed), missed, 5 * LIMIT);
      return {
        followDelaySeconds: followed,
        followRetrySeconds: after(total, followed),
        resourceGraphShowsVersionInUse: { value: shows },
        resourceGraphFollowDelaySeconds: indexed
          ? after(indexed, followed)
          : { unknown: 'rows do not have the version in use' },
      };
    },
  },
  {
    asks: ['userAssignedPassesBypass'],
    async measure({ azure, group, keyUrl, timed, until, useKey }) {
      const setDefault = (defaultAction: 'Allow' | 'Deny') =>
        timed(() =>
          azure.arm('PATCH', group.vaultId('roles'), {
            properties: {
              networkAcls: { bypass: 'AzureServices', defaultAction },
            },
          }),
        );
      const isOpen = async () =>
        (await azure.vault('GET', keyUrl('roles'))).status === 200;
      try {
        const shut = await until(
          async () => !(await isOpen()),
          await setDefault('Deny'),
        );
        if (shut.atMost === null) throw new Error('the firewall stays open');
        const value = await useKey(keyUrl('roles')).then(
          ({ statuses }) => statuses.at(-1) === 'Succeeded',
          () => false,
        );
        return { userAssignedPassesBypass: { value } };
      } finally {
        await until(isOpen, await setDefault('Allow'));
      }
    },
  },
];

/** Asked of the registry last, because the answers may change it. */
const AT_THE_END: Question[] = [
  {
    asks: ['identitiesAreMerged'],
    async measure({ azure, group, registryId, until }) {
      const { id } = await group.makeIdentity('id-second');
      const answer = await azure.arm('PATCH', registryId, {
        identity: {
          type: 'UserAssigned',
          userAssignedIdentities: { [id]: {} },
        },
      });
      // Without the first one, the registry would lose the identity that it uses.
      if ([400, 409, 422].includes(answer.status)) {
        return { identitiesAreMerged: { value: false } };
      }
      await done('attach an identity', answer);
      let attached: string[] = [];
      await until(async () => {
        const { json } = await azure.arm('GET', registryId);
        attached = Object.keys(json.identity.userAssignedIdentities);
        // The registry cannot be removed before its update has ended.
        return (
          json.properties.provisioningState !== 'Updating' &&
          attached.some(one => one.toLowerCase() === id.toLowerCase())
        );
      });
      return { identitiesAreMerged: { value: attached.length > 1 } };
    },
  },
];

/** A way to take a key from the registry, and to give it back. */
interface Revoke {
  model: Model;
  isPinned?: boolean;
  set(lab: Lab, isAllowed: boolean): Promise<Timed>;
  /** Delay of the vault itself, as measured before. */
  vaultDelay?: { revoke: string; restore: string };
}

async function enable({ azure, timed }: Lab, kids: string[], enabled: boolean) {
  let last!: Timed;
  for (const kid of kids) {
    last = await timed(() =>
      azure.vault('PATCH', kid, { attributes: { enabled } }),
    );
  }
  return last;
}

const REVOKES: Record<keyof typeof DEFAULT_ASSUMPTIONS.pulls, Revoke> = {
  roleRemoved: {
    model: 'roles',
    set: ({ setAccess }, isAllowed) => setAccess('roles', isAllowed),
    vaultDelay: {
      revoke: 'roleRemovalDelaySeconds',
      restore: 'roleAssignmentDelaySeconds',
    },
  },
  accessPolicyRemoved: {
    model: 'policies',
    set: ({ setAccess }, isAllowed) => setAccess('policies', isAllowed),
    vaultDelay: {
      revoke: 'accessPolicyDelaySeconds',
      restore: 'accessPolicyDelaySeconds',
    },
  },
  versionDisabled: {
    model: 'policies',
    isPinned: true,
    set: async (lab, isAllowed) =>
      enable(lab, [await lab.versionInUse()], isAllowed),
  },
  keyDisabled: {
    model: 'policies',
    set: async (lab, isAllowed) =>
      enable(lab, await lab.versions('policies'), isAllowed),
  },
  keyDeleted: {
    model: 'policies',
    async set({ azure, keyUrl, timed, until }, isAllowed) {
      const key = keyUrl('policies');
      if (!isAllowed) return timed(() => azure.vault('DELETE', key));
      const bin = key.replace('/keys/', '/deletedkeys/');
      await until(async () => (await azure.vault('GET', bin)).status === 200);
      return timed(() => azure.vault('POST', `${bin}/recover`));
    },
  },
};

const OF_PULLS = Object.entries(REVOKES).map(([kind, revoke]): Question => {
  const [stops, returns, status, code] = [
    'stopAfterSeconds',
    'returnAfterSeconds',
    'status',
    'code',
  ].map(field => `pulls.${kind}.${field}`);
  const signIn = kind === 'keyDisabled' ? ['revokedRegistryRefusesSignIn'] : [];
  return {
    asks: [stops, returns, status, code, ...signIn],
    async measure(lab, known) {
      const { azure, host, keyUrl, until, useKey, versions } = lab;
      const { model, isPinned, set, vaultDelay } = revoke;
      await useKey(isPinned ? (await versions(model))[0] : keyUrl(model));
      let last!: Answer;
      const serves = async () => {
        last = await lab.pull();
        return last.status === 200;
      };
      await until(serves);
      const revoked = await set(lab, false);
      const stop = await until(async () => !(await serves()), revoked);
      const refusal = last;
      const anonymous = await azure.send('GET', new URL(`https://${host}/v2/`));
      const back = await until(serves, await set(lab, true));
      if (stop.atMost === null) return { [stops]: stop };
      const value = anonymous.status !== 401;
      return {
        [stops]: after(stop, vaultDelay && known[vaultDelay.revoke]),
        [returns]: after(back, vaultDelay && known[vaultDelay.restore]),
        [status]: { value: refusal.status },
        [code]: { value: refusalOf(refusal).code },
        ...Object.fromEntries(signIn.map(name => [name, { value }])),
      };
    },
  };
});

const WITH_THE_REGISTRY = [...OF_THE_REGISTRY, ...OF_PULLS, ...AT_THE_END];

/** Assumptions that are not asked, and why. */
export const NOT_ASKED: Record<string, string> = {
  hsmKeyWithoutPolicy: 'a Managed HSM costs more than a euro',
  keyPageSize: 'recorded in published tests',
  resourceGraphPaging: 'needs more than a thousand resources that come and go',
};

/** Names of the requested assumptions. */
export const ASKED = [...OF_VAULTS, ...WITH_THE_REGISTRY].flatMap(
  ({ asks }) => asks,
);

/** Measures Azure, and removes everything that this run has made, or an earlier one that was killed. */
export async function measureAzure(deps: Deps): Promise<Measurements> {
  const lab = createLab(deps);
  const { group } = lab;
  const known: Measurements = {};
  const ask = async (questions: Question[]) => {
    for (const { asks, measure } of questions) {
      const found = await measure(lab, known).catch(({ message }: Error) =>
        Object.fromEntries(asks.map(name => [name, { unknown: message }])),
      );
      Object.assign(known, found);
      deps.say(`asked for ${asks.join(', ')}`);
    }
  };
  await group.remove();
  try {
    await group.put('a resource group', group.id);
    await group.makeVault('roles');
    await group.makeVault('policies');
    await ask(OF_VAULTS);
    await lab.makeRegistry();
    await ask(WITH_THE_REGISTRY);
  } finally {
    await group.remove();
  }
  return known;
}
