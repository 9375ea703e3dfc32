import { KeyIdentifier, RegistryId } from 'backstage-plugin-acr-cmk-common';
import { AzureError } from '../../src/azure/AzureError';
import type { AzurePorts } from '../../src/azure/ports';
import { CRYPTO_OFFICER } from '../access';
import type { Lab } from '../probe';

/** One promise of the ports in `src/azure/`, kept by whatever Azure is behind them. */
export interface ContractCase {
  name: string;
  /** Throws when the promise is not kept. */
  run(lab: Lab, ports: AzurePorts): Promise<void>;
}

/** Throws with both sides unless it is so. */
function expect(what: string, found: unknown, wanted: unknown) {
  const [left, right] = [found, wanted].map(value => JSON.stringify(value));
  if (left !== right) throw new Error(`${what} is ${left}, not ${right}`);
}

async function expectRefusal(
  call: Promise<unknown>,
  kind: AzureError['kind'],
): Promise<void> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(
    'the refusal',
    error instanceof AzureError ? error.kind : String(error),
    kind,
  );
}

const WRAP = ['get', 'wrapKey', 'unwrapKey'];
const same = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();

export const CONTRACT: ContractCase[] = [
  {
    name: 'a registry is read with its key, its identity and the version in use',
    async run({ names }, { registries }) {
      const id = RegistryId.parse(names.registryId('follow'));
      const { value } = await registries.get(id);
      expect(
        'the key identifier',
        value.encryption?.keyIdentifier,
        names.keyUri('follow'),
      );
      const used = KeyIdentifier.parse(
        value.encryption!.versionedKeyIdentifier!,
        names.cloud.name,
      );
      expect('the key in use', used.keyName, names.key('follow'));
      expect('the SKU', value.sku, 'Premium');
    },
  },
  {
    name: 'a registry of a subscription is listed once',
    async run({ names }, { registries }) {
      const { value } = await registries.listBySubscription(names.subscription);
      const ours = value.filter(({ id }) =>
        same(String(id), names.registryId('follow')),
      );
      expect('the number of rows', ours.length, 1);
    },
  },
  {
    name: 'a name that is taken is not free',
    async run({ names }, { registries }) {
      const { value } = await registries.checkName(
        names.subscription,
        names.registry('follow'),
        'read',
      );
      expect('the name', value.free, false);
    },
  },
  {
    name: 'the encryption is changed by one PATCH, whose operation can be polled',
    async run({ names }, { registries }) {
      const id = RegistryId.parse(names.registryId('follow'));
      const { value } = await registries.get(id);
      const { keyIdentifier, identity } = value.encryption!;
      const receipt = await registries.updateEncryption(
        id,
        { keyIdentifier: String(keyIdentifier), identity: String(identity) },
        'rotate',
      );
      const { status } = await registries.operationStatus(
        id,
        receipt.operationUrl!,
        'rotate',
      );
      expect('the operation', ['running', 'succeeded'].includes(status), true);
    },
  },
  {
    name: 'a registry that is not there is not found',
    run: ({ names }, { registries }) =>
      expectRefusal(
        registries.get(
          RegistryId.parse(
            names.resource(
              'Microsoft.ContainerRegistry/registries',
              names.nobody,
            ),
          ),
        ),
        'not-found',
      ),
  },
  {
    name: 'vaults are read with their permission model',
    async run({ names }, { vaults }) {
      const roles = await vaults.get(names.vaultId('roles'));
      const policies = await vaults.get(names.vaultId('policies'));
      expect('the model', roles.value.permissionModel, 'rbac');
      expect('the model', policies.value.permissionModel, 'access-policy');
      expect('the tags', policies.value.tenantId !== undefined, true);
    },
  },
  {
    name: 'an access policy loses exactly the permissions of one principal, and gets them back',
    async run({ names, caller }, { vaults, identities }) {
      const id = names.vaultId('policies');
      const { value: identity } = await identities.get(
        names.identityId('accessPolicyRemoved'),
      );
      const entry = {
        tenantId: caller.tenantId,
        objectId: identity.principalId,
        keys: WRAP,
        secrets: [],
        certificates: [],
        storage: [],
      };
      const others = async () =>
        (await vaults.get(id)).value.accessPolicies.filter(
          each => !same(each.objectId, entry.objectId),
        );
      const before = await others();
      await vaults.removeAccessPolicy(id, entry, 'revoke');
      expect('what others have', await others(), before);
      await vaults.addAccessPolicy(id, entry, 'revoke');
      const again = (await vaults.get(id)).value.accessPolicies.find(each =>
        same(each.objectId, entry.objectId),
      );
      expect(
        'what it has again',
        again?.keys.map(each => each.toLowerCase()).sort(),
        WRAP.map(each => each.toLowerCase()).sort(),
      );
    },
  },
  {
    name: 'a vault that is not there is not found',
    run: ({ names }, { vaults }) =>
      expectRefusal(
        vaults.get(names.resource('Microsoft.KeyVault/vaults', names.nobody)),
        'not-found',
      ),
  },
  {
    name: 'a key is read over ARM as the vault has it, and a rotation makes one version',
    async run({ names }, { keys }) {
      const key = KeyIdentifier.parse(
        names.keyUri('keyDisabled'),
        names.cloud.name,
      );
      const before = await keys.listVersions(key, 'rotate');
      const { version } = await keys.rotate(key, 'rotate');
      const after = await keys.listVersions(key, 'rotate');
      expect(
        'the number of versions',
        after.value.length,
        before.value.length + 1,
      );
      const arm = await keys.get(
        names.vaultId('policies'),
        names.key('keyDisabled'),
      );
      expect('the name', arm.value.name, names.key('keyDisabled'));
      const made = after.value.find(each => each.version === version);
      expect('the new version', made?.enabled, true);
    },
  },
  {
    name: 'a version is disabled and enabled again',
    async run({ names }, { keys }) {
      const key = KeyIdentifier.parse(
        names.keyUri('keyDisabled'),
        names.cloud.name,
      );
      const { version } = await keys.rotate(key, 'rotate');
      const one = KeyIdentifier.parse(
        `${names.keyUri('keyDisabled')}/${version}`,
        names.cloud.name,
      );
      const isEnabled = async () =>
        (await keys.listVersions(key, 'rotate')).value.find(
          each => each.version === version,
        )?.enabled;
      await keys.setEnabled(one, false, 'revoke');
      expect('enabled', await isEnabled(), false);
      await keys.setEnabled(one, true, 'revoke');
      expect('enabled', await isEnabled(), true);
    },
  },
  {
    name: 'a key that is not there is not found',
    run: ({ names }, { keys }) =>
      expectRefusal(
        keys.getInVault(
          KeyIdentifier.parse(
            `https://${names.vault('policies')}.${
              names.cloud.vaultSuffix
            }/keys/nosuchkey`,
            names.cloud.name,
          ),
          'read',
        ),
        'not-found',
      ),
  },
  {
    name: 'the role assignments of an identity are found at its key',
    async run({ names }, { access, identities }) {
      const { value } = await identities.get(names.identityId('follow'));
      const scope = `${names.vaultId('roles')}/keys/${names.key('follow')}`;
      const found = await access.assignmentsFor(value.principalId, scope);
      expect('their number', found.value.length, 1);
      expect('the scope', same(found.value[0].scope, scope), true);
    },
  },
  {
    name: 'a role assignment is made and deleted by its id',
    async run({ names, caller }, { access }) {
      const scope = names.identityId('follow');
      const name = `${names.runId}-1111-4111-8111-111111111111`;
      await access.createAssignment(
        {
          scope,
          name,
          principalId: caller.objectId,
          principalType: caller.kind,
          roleDefinitionId: `${names.subscriptionPath}/providers/Microsoft.Authorization/roleDefinitions/${CRYPTO_OFFICER}`,
        },
        'revoke',
      );
      await access.deleteAssignment(
        `${scope}/providers/Microsoft.Authorization/roleAssignments/${name}`,
        'revoke',
      );
    },
  },
  {
    name: 'the rights of the caller are known',
    async run({ names }, { access }) {
      const { value } = await access.permissionsOfCaller(names.groupId, 'read');
      expect('that there are any', value.length > 0, true);
    },
  },
  {
    name: 'a group without locks has none',
    async run({ names }, { locks }) {
      const { value } = await locks.list(names.registryId('follow'));
      expect(
        'the locks',
        value.filter(({ scope }) => scope.toLowerCase().includes(names.group)),
        [],
      );
    },
  },
];
