import { WRAP_PERMISSIONS } from 'backstage-plugin-acr-cmk-common';
import type { Intent, RevokeMethodId } from 'backstage-plugin-acr-cmk-common';
import { registryId } from '../__testUtils__/demoWorld';
import { useDocumentedRoles } from '../__testUtils__/documentedRoles';
import { type Engine, startEngine } from '../__testUtils__/engine';
import { writesTo } from '../__testUtils__/intents';
import { useAzure } from '../__testUtils__/useAzure';

jest.setTimeout(60_000);

const HSM = 'hsm-contoso.managedhsm';
const REGISTRY = registryId('hsmimages', 'rg-hsm');
const KEYS = 'https://hsm-contoso.managedhsm.azure.net/keys';
const ROLE =
  '/keys/hsmimages/providers/Microsoft.Authorization/roleAssignments';

describe('a registry whose key is in a Managed HSM', () => {
  const azure = useAzure({ world: 'demo-hsm' });
  let engine: Engine;
  beforeEach(async () => {
    azure.emulator.reset();
    await useDocumentedRoles(azure.emulator);
    engine = await startEngine(azure.ports, undefined, azure.emulator, 600);
  });
  afterEach(() => engine.stop());

  const key = () => azure.emulator.state.key(HSM, 'hsmimages');
  const registry = () => azure.emulator.state.registry('hsmimages');

  /** Plans, accepts, and works until the end. @returns the plan, and what was written to Azure */
  async function run(intent: Intent) {
    azure.emulator.clearRequests();
    const { id, plan } = await engine.accept(REGISTRY, intent);
    const { state, result } = await engine.runToEnd(id);
    expect([state, result]).toEqual([
      'succeeded',
      { message: expect.any(String) },
    ]);
    return { plan, writes: writesTo(azure.emulator) };
  }

  const revoke = (method?: RevokeMethodId) =>
    run({ kind: 'revoke', ...(method && { method }) });
  const restore = () => run({ kind: 'restore' });

  it('is rotated by a new version of the HSM', async () => {
    const before = key();
    const { plan, writes } = await run({ kind: 'rotate', follow: 'now' });
    expect(writes).toEqual([
      'POST /keys/hsmimages/rotate',
      expect.stringMatching(/^PATCH .*\/registries\/hsmimages$/i),
    ]);
    expect(key().versions).toHaveLength(before.versions.length + 1);
    expect(registry()).toMatchObject({
      versionInUse: key().latest,
      reach: { reaches: true },
    });
    expect(
      plan.steps.flatMap(({ commands }) => commands ?? []).join('\n'),
    ).toContain(
      'az keyvault key rotate --hsm-name hsm-contoso --name hsmimages',
    );
    expect(
      plan.checks.filter(({ status }) => ['fail', 'unknown'].includes(status)),
    ).toMatchObject([
      {
        id: 'services-follow',
        message: 'Other Azure services: not looked at.',
      },
    ]);
  });

  it('is revoked by its role in the HSM, which a restore gives back', async () => {
    const { plan, writes } = await revoke();
    expect(writes).toEqual([
      expect.stringMatching(new RegExp(`^DELETE ${ROLE}/[0-9a-f-]{36}$`)),
    ]);
    expect(registry().reach).toMatchObject({
      reaches: false,
      problem: 'access',
    });
    expect(
      plan.steps.flatMap(({ commands }) => commands ?? []).join('\n'),
    ).toContain(
      `az keyvault role assignment delete --hsm-name hsm-contoso --ids ${ROLE}/`,
    );
    expect(plan.checks).toContainEqual(
      expect.objectContaining({ id: 'hsm-groups', status: 'warn' }),
    );

    const back = await restore();
    expect(back.writes[0]).toMatch(new RegExp(`^PUT ${ROLE}/[0-9a-f-]{36}$`));
    expect(registry().reach).toEqual({ reaches: true });
    expect(
      back.plan.steps.flatMap(({ commands }) => commands ?? []).join('\n'),
    ).toContain('az keyvault role assignment create --name');
  });

  it('is given a role that somebody else has removed', async () => {
    const principalId = azure.emulator.state.principalId('id-hsmimages');
    const { value } = await azure.ports.access.assignmentsFor(
      principalId,
      `${azure.emulator.state.vault(HSM).id}/keys/hsmimages`,
    );
    expect(value).toMatchObject([
      {
        roleName: 'Managed HSM Crypto Service Encryption User',
        keyUses: [...WRAP_PERMISSIONS],
        scope: expect.stringMatching(
          /\/managedHSMs\/hsm-contoso\/keys\/hsmimages$/,
        ),
      },
    ]);
    await azure.ports.access.deleteAssignment(value[0].id, 'revoke');
    expect(registry().reach.reaches).toBe(false);
    await restore();
    expect(registry().reach).toEqual({ reaches: true });
  });

  it('is revoked by every method that its plan offers, and restored', async () => {
    const { methods = [] } = (await revoke()).plan;
    await restore();
    const first: Record<string, string> = {};
    for (const { method } of methods.filter(({ available }) => available)) {
      const { writes } = await revoke(method);
      first[method] = writes[0];
      expect([method, registry().reach.reaches]).toEqual([method, false]);
      await restore();
      expect([method, registry().reach]).toEqual([method, { reaches: true }]);
      expect(key().versions.every(({ enabled }) => enabled)).toBe(true);
    }
    const disable = expect.stringMatching(
      /^PATCH \/keys\/hsmimages\/[0-9a-f]{32}$/,
    );
    expect(first).toMatchObject({
      'role-assignment': expect.stringMatching(/^DELETE \/keys\/hsmimages\//),
      'disable-version': disable,
      'disable-all-versions': disable,
      'delete-key': 'DELETE /keys/hsmimages',
    });
  });

  it('moves to a new key of the HSM, which has to be of a kind for HSMs', async () => {
    const ofType = (type: 'RSA' | 'RSA-HSM'): Intent => ({
      kind: 'rotate',
      key: { kind: 'new-key', vaultName: HSM, keyName: 'other', type },
      grantAccess: true,
    });
    await expect(engine.accept(REGISTRY, ofType('RSA'))).rejects.toThrow();
    const { writes } = await run(ofType('RSA-HSM'));
    expect(writes).toEqual([
      'POST /keys/other/create',
      expect.stringMatching(/^PUT \/keys\/other\/.*\/roleAssignments\//),
      expect.stringMatching(/^PATCH .*\/registries\/hsmimages$/i),
    ]);
    expect(registry()).toMatchObject({
      keyIdentifier: expect.stringContaining(`${KEYS}/other`),
      reach: { reaches: true },
    });
  });
});
