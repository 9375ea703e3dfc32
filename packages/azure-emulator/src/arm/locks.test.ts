import {
  ARM,
  ASSIGNMENT,
  assignmentsAt,
  registryUrl,
  SUBSCRIPTION,
  useEmulator,
  vaultUrl,
} from '../__testUtils__/emulated';

const azure = useEmulator();
const { call } = azure;

const AUTHORIZATION = 'providers/Microsoft.Authorization';
const READER = 'acdd72a7-3385-48ef-bd42-f606fba81ae7';
const GROUP = `${ARM}${SUBSCRIPTION}/resourceGroups/rg-keys`;
const WHOLE_SUBSCRIPTION = `${ARM}${SUBSCRIPTION}`;
const VAULT = vaultUrl('kv-contoso-rbac');
const KEY = `${VAULT}/keys/shopimages`;

const lock = (scope: string, level: string) =>
  call('admin', 'PUT', `${scope}/${AUTHORIZATION}/locks/test`, {
    properties: { level },
  });
const assignmentAt = (scope: string) => `${assignmentsAt(scope)}/${ASSIGNMENT}`;
const assign = async (scope: string) =>
  (await azure.assign(scope, READER, 'id-shopimages')).status;

describe('a lock applies to its scope and everything below, not above', () => {
  it.each<[locked: string, assignedAt: string, status: number]>([
    [VAULT, VAULT, 409],
    [VAULT, KEY, 409],
    [VAULT, GROUP, 200],
    [VAULT, WHOLE_SUBSCRIPTION, 200],
    [GROUP, VAULT, 409],
    [GROUP, GROUP, 409],
    [GROUP, WHOLE_SUBSCRIPTION, 200],
    [KEY, VAULT, 200],
    [WHOLE_SUBSCRIPTION, KEY, 409],
  ])(
    'CanNotDelete at %s, role assignment at %s: its deletion answers %i',
    async (locked, assignedAt, status) => {
      expect(await assign(assignedAt)).toBe(201);
      await lock(locked, 'CanNotDelete');
      const deleted = await call('admin', 'DELETE', assignmentAt(assignedAt));
      expect(deleted.status).toBe(status);
    },
  );

  it('ReadOnly blocks creating a role assignment below, and allows it above', async () => {
    await lock(VAULT, 'ReadOnly');
    expect(await assign(KEY)).toBe(409);
    expect(await assign(GROUP)).toBe(201);
  });

  it('the error names what is deleted and the locked scope', async () => {
    await assign(VAULT);
    await lock(VAULT, 'CanNotDelete');
    const { json } = await call('admin', 'DELETE', assignmentAt(VAULT));
    expect(json.error.message).toBe(
      `The scope '${assignmentAt(VAULT).slice(
        ARM.length,
      )}' cannot perform delete operation because following scope(s) are locked: '${VAULT.slice(
        ARM.length,
      )}'. Please remove the lock and try again.`,
    );
  });
});

describe('upwards a lock blocks only the deletion of a container', () => {
  it('such as a registry with something locked in it', async () => {
    const registry = registryUrl('plainimages');
    await lock(`${registry}/webhooks/hook`, 'CanNotDelete');
    expect((await call('admin', 'DELETE', registry)).status).toBe(409);
    const tags = await call('admin', 'PATCH', registry, { tags: { a: 'b' } });
    expect(tags.status).toBe(201);
  });
});

it('a lock shows its owners and who made it, and atScope() leaves out locks below', async () => {
  const locks = `${VAULT}/${AUTHORIZATION}/locks`;
  const owners = [{ applicationId: ASSIGNMENT }];
  const made = await call('admin', 'PUT', `${locks}/test`, {
    properties: { level: 'ReadOnly', owners },
  });
  expect(made.json.properties.owners).toEqual(owners);
  expect(made.json.systemData).toMatchObject({ createdByType: 'Application' });
  const names = async (query: string) =>
    (
      (await call('admin', 'GET', `${GROUP}/${AUTHORIZATION}/locks${query}`))
        .json.value as unknown as { name: string }[]
    ).map(({ name }) => name);
  expect(await names('')).toEqual(['test']);
  expect(await names('?$filter=atScope()')).toEqual([]);
});
