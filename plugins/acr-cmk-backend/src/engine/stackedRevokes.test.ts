/** F32: revokes on top of each other, and the restores that follow. */
import { RegistryId, type RevokeIntent } from 'backstage-plugin-acr-cmk-common';
import { asAdmin } from '../__testUtils__/asAdmin';
import { testDatabases } from '../__testUtils__/databases';
import { registryId } from '../__testUtils__/demoWorld';
import { FaultyEngine } from '../__testUtils__/faultyEngine';
import { describeStep } from '../domain/steps';

// The first test waits for PostgreSQL to start.
jest.setTimeout(120_000);

type Method = NonNullable<RevokeIntent['method']>;

const SHOP = registryId('shopimages');
const RBAC = 'kv-contoso-rbac';

describe.each(testDatabases({ fast: 'SQLite' }))(
  'stacked revokes, on $name',
  ({ open }) => {
    const world = new FaultyEngine(open);
    beforeEach(() => world.start());
    afterEach(() => world.stop());

    const versions = (key = 'shopimages', vault = RBAC) =>
      world.azure.state
        .key(vault, key)
        .versions.map(({ version, enabled }) => ({ version, enabled }));
    const reaches = (registry: string) =>
      world.azure.state.registry(registry).reach.reaches;
    async function revoke(registry: string, method: Method): Promise<string> {
      const { id, state } = await world.carryOut(registry, {
        kind: 'revoke',
        method,
      });
      expect(state).toBe('succeeded');
      return id;
    }
    const undoneBy = async (id: string) =>
      (await world.engine.operations.get(id))?.undoneBy;
    const hasPendingRevoke = (registry: string) =>
      world.engine.operations.hasPendingRevoke(RegistryId.parse(registry));

    it.each<[Method[]]>([
      [['disable-version', 'delete-key']],
      [['disable-all-versions', 'delete-key']],
      [['role-assignment', 'delete-key']],
      [['role-assignment', 'disable-version']],
      [['disable-version', 'role-assignment']],
      [['disable-version', 'role-assignment', 'delete-key']],
    ])(
      'F32: after %j one restore brings everything back, and undoes each',
      async methods => {
        const before = versions();
        const revokes: string[] = [];
        for (const method of methods) revokes.push(await revoke(SHOP, method));
        expect(reaches('shopimages')).toBe(false);
        const restore = await world.carryOut(SHOP, { kind: 'restore' });
        expect(restore).toMatchObject({ state: 'succeeded' });
        expect(reaches('shopimages')).toBe(true);
        expect(versions()).toEqual(before);
        for (const id of revokes) expect(await undoneBy(id)).toBe(restore.id);
      },
    );

    it('F32: a version that was disabled outside before the key was deleted is enabled too', async () => {
      const { version } = versions()[0];
      const { versionInUse = version } =
        world.azure.state.registry('shopimages');
      await asAdmin(world.azure).enableVersion(
        [RBAC, 'shopimages', versionInUse],
        false,
      );
      await revoke(SHOP, 'delete-key');
      expect(await world.carryOut(SHOP, { kind: 'restore' })).toMatchObject({
        state: 'succeeded',
      });
      expect(reaches('shopimages')).toBe(true);
    });

    it('F32: a restore that fails after the key is back leaves the revoke open, and the next restore ends it', async () => {
      const revoked = await revoke(SHOP, 'disable-version');
      world.azure.faults.add({
        method: 'PATCH',
        path: '*/registries/*',
        times: 0,
        status: 400,
        code: 'Broken',
      });
      expect(await world.carryOut(SHOP, { kind: 'restore' })).toMatchObject({
        state: 'failed',
      });
      world.azure.faults.clear();
      expect(await undoneBy(revoked)).toBeUndefined();
      expect(await hasPendingRevoke(SHOP)).toBe(true);
      // The key is usable, so nothing is missing; the registry has not read the vault all the same.
      const restore = await world.carryOut(SHOP, { kind: 'restore' });
      expect(restore).toMatchObject({ state: 'succeeded' });
      expect(await undoneBy(revoked)).toBe(restore.id);
      expect(await hasPendingRevoke(SHOP)).toBe(false);
    });

    it.each<[Method]>([['access-policy'], ['disable-version']])(
      'F32: a restore after %s gives back an expired version, and does not send it again',
      async method => {
        const legacy = registryId('legacyimages');
        const revoked = await revoke(legacy, method);
        expect(reaches('legacyimages')).toBe(false);
        const sent = () =>
          world.patches().filter(({ path }) => path.includes('/registries/'));
        const before = sent().length;
        const restore = await world.carryOut(legacy, { kind: 'restore' });
        expect(restore).toMatchObject({ state: 'succeeded' });
        expect(reaches('legacyimages')).toBe(true);
        expect(await undoneBy(revoked)).toBe(restore.id);
        expect(sent()).toHaveLength(before);
      },
    );

    describe('F32: of a version that somebody has enabled again', () => {
      let revoked: string;
      let inUse: string;
      beforeEach(async () => {
        inUse = versions().at(-1)!.version;
        revoked = await revoke(SHOP, 'disable-version');
        await asAdmin(world.azure).enableVersion(
          [RBAC, 'shopimages', inUse],
          true,
        );
      });
      const ofRegistry = () =>
        world.patches().filter(({ path }) => /registries/i.test(path)).length;

      it('a rotation to the current key sends it, after which the revoke is no longer open', async () => {
        const before = ofRegistry();
        expect(
          await world.carryOut(SHOP, {
            kind: 'rotate',
            key: { kind: 'current' },
          }),
        ).toMatchObject({ state: 'succeeded', steps: [{ attempts: 1 }] });
        expect(ofRegistry()).toBe(before + 1);
        expect(await hasPendingRevoke(SHOP)).toBe(false);
      });

      it('a rotation that found its end there leaves the revoke open', async () => {
        const { id } = await world.engine.accept(SHOP, {
          kind: 'rotate',
          key: { kind: 'current', mode: 'manual' },
        });
        const { keyIdentifier, identity } =
          world.azure.state.registry('shopimages');
        await asAdmin(world.azure).changeRegistry(SHOP, {
          properties: {
            encryption: {
              status: 'enabled',
              keyVaultProperties: {
                keyIdentifier: `${keyIdentifier}/${inUse}`,
                identity,
              },
            },
          },
        });
        expect(await world.engine.runToEnd(id)).toMatchObject({
          state: 'succeeded',
          steps: [{ state: 'unchanged', attempts: 0 }],
        });
        expect(await hasPendingRevoke(SHOP)).toBe(true);
        const restore = await world.carryOut(SHOP, { kind: 'restore' });
        expect(restore).toMatchObject({ state: 'succeeded' });
        expect(await undoneBy(revoked)).toBe(restore.id);
      });
    });

    it('F32: a revoke that fails after its first write is open, and a restore gives back what it took', async () => {
      const before = versions();
      const { id, steps } = await world.engine.accept(SHOP, {
        kind: 'revoke',
        method: 'disable-all-versions',
      });
      const { pathname } = new URL(describeStep(steps[2].spec).target);
      world.azure.faults.add({
        method: 'PATCH',
        path: pathname,
        times: 0,
        status: 403,
        code: 'Forbidden',
      });
      expect(await world.engine.runToEnd(id)).toMatchObject({
        state: 'failed',
        steps: [0, 1, 0, 0].map(attempts => ({ attempts })),
      });
      world.azure.faults.clear();
      expect(versions()).not.toEqual(before);
      expect(await hasPendingRevoke(SHOP)).toBe(true);

      const restore = await world.carryOut(SHOP, { kind: 'restore' });
      expect(restore).toMatchObject({ state: 'succeeded' });
      expect(versions()).toEqual(before);
      expect(await undoneBy(id)).toBe(restore.id);
      expect(await hasPendingRevoke(SHOP)).toBe(false);
    });

    it('F32: with a shared key, a revoke counts as undone only when its own inverse was seen', async () => {
      const base = registryId('sharedbase', 'rg-platform');
      const tools = registryId('sharedtools', 'rg-platform');
      const before = versions('platform-shared');
      const ofGrant = await revoke(base, 'role-assignment');
      const ofVersions = await revoke(tools, 'disable-all-versions');
      // The identity is shared too. Of the versions, the base image's registry needs one.
      const first = await world.carryOut(base, { kind: 'restore' });
      expect(first).toMatchObject({ state: 'succeeded' });
      expect(await undoneBy(ofGrant)).toBe(first.id);
      expect(await undoneBy(ofVersions)).toBeUndefined();
      expect(versions('platform-shared')).not.toEqual(before);

      const second = await world.carryOut(tools, { kind: 'restore' });
      expect(second).toMatchObject({ state: 'succeeded' });
      expect(await undoneBy(ofVersions)).toBe(second.id);
      expect(versions('platform-shared')).toEqual(before);
    });

    it('F24: a restore undoes no revoke whose inverse only a newer release knows', async () => {
      const ofNewer = await revoke(SHOP, 'role-assignment');
      await world.engine
        .db('operations')
        .where({ id: ofNewer })
        .update({
          inverse: JSON.stringify([{ kind: 'sign-with-key', version: 1 }]),
        });
      const orders = registryId('ordersimages');
      const revoked = await revoke(orders, 'disable-version');
      const restore = await world.carryOut(orders, { kind: 'restore' });
      expect(restore).toMatchObject({ state: 'succeeded' });
      expect(await undoneBy(revoked)).toBe(restore.id);
      expect(await undoneBy(ofNewer)).toBeUndefined();
    });

    it('F32: a restore of one registry undoes the revoke of another that took the same from both', async () => {
      const tools = registryId('sharedtools', 'rg-platform');
      const revoked = await revoke(
        registryId('sharedbase', 'rg-platform'),
        'delete-key',
      );
      const restore = await world.carryOut(tools, { kind: 'restore' });
      expect(restore).toMatchObject({ state: 'succeeded' });
      expect(await undoneBy(revoked)).toBe(restore.id);
    });
  },
);
