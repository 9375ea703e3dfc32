import type {
  AccessPort,
  AzurePorts,
  CredentialName,
  IdentitiesPort,
  KeysPort,
  RegistriesPort,
  VaultsPort,
} from './ports';

/** A method of a port without its last parameter, when that names the credential. */
type Bound<Method extends (...args: never[]) => unknown> =
  Parameters<Method> extends [...infer Args, CredentialName]
    ? (...args: Args) => ReturnType<Method>
    : Method;

type BoundPort<Port, Names extends keyof Port> = {
  [Name in Names]: Port[Name] extends (...args: never[]) => unknown
    ? Bound<Port[Name]>
    : never;
};

/**
 * Azure as the holder of one credential sees it. What every port reads with the read credential
 * is read with that here too. Lists of whole subscriptions are left out: a step is about one thing.
 */
export interface AzureAs {
  registries: BoundPort<
    RegistriesPort,
    | 'get'
    | 'updateEncryption'
    | 'create'
    | 'operationStatus'
    | 'regions'
    | 'testPull'
  >;
  vaults: BoundPort<
    VaultsPort,
    'get' | 'addAccessPolicy' | 'removeAccessPolicy'
  >;
  keys: BoundPort<
    KeysPort,
    | 'get'
    | 'listVersions'
    | 'rotate'
    | 'getInVault'
    | 'create'
    | 'rotationPolicy'
    | 'setRotationPolicy'
    | 'setEnabled'
    | 'delete'
    | 'getDeleted'
    | 'recover'
  >;
  access: BoundPort<
    AccessPort,
    'assignmentsFor' | 'createAssignment' | 'deleteAssignment'
  >;
  identities: BoundPort<IdentitiesPort, 'get' | 'create'>;
}

/** Binds the ports to a credential, so that who uses them cannot take another one. */
export function azureAs(
  { registries, vaults, keys, access, identities }: AzurePorts,
  credential: CredentialName,
): AzureAs {
  return {
    registries: {
      get: id => registries.get(id),
      updateEncryption: (id, change) =>
        registries.updateEncryption(id, change, credential),
      create: (id, registry) => registries.create(id, registry, credential),
      operationStatus: (id, operationUrl) =>
        registries.operationStatus(id, operationUrl, credential),
      regions: registry => registries.regions(registry),
      testPull: loginServer => registries.testPull(loginServer),
    },
    vaults: {
      get: vaultId => vaults.get(vaultId),
      addAccessPolicy: (vaultId, entry) =>
        vaults.addAccessPolicy(vaultId, entry, credential),
      removeAccessPolicy: (vaultId, entry) =>
        vaults.removeAccessPolicy(vaultId, entry, credential),
    },
    keys: {
      get: (vaultId, keyName) => keys.get(vaultId, keyName),
      listVersions: key => keys.listVersions(key, credential),
      rotate: key => keys.rotate(key, credential),
      getInVault: key => keys.getInVault(key, credential),
      create: (key, spec) => keys.create(key, spec, credential),
      rotationPolicy: key => keys.rotationPolicy(key, credential),
      setRotationPolicy: (key, policy) =>
        keys.setRotationPolicy(key, policy, credential),
      setEnabled: (key, enabled) => keys.setEnabled(key, enabled, credential),
      delete: key => keys.delete(key, credential),
      getDeleted: key => keys.getDeleted(key, credential),
      recover: key => keys.recover(key, credential),
    },
    access: {
      assignmentsFor: (principalId, scope) =>
        access.assignmentsFor(principalId, scope),
      createAssignment: assignment =>
        access.createAssignment(assignment, credential),
      deleteAssignment: assignmentId =>
        access.deleteAssignment(assignmentId, credential),
    },
    identities: {
      get: resourceId => identities.get(resourceId),
      create: (resourceId, location) =>
        identities.create(resourceId, location, credential),
    },
  };
}
