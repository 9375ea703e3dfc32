import { asAdmin } from '../__testUtils__/asAdmin';
import { registryId } from '../__testUtils__/demoWorld';
import { type Engine, startEngine } from '../__testUtils__/engine';
import { useAzure } from '../__testUtils__/useAzure';
import { RegistryId } from 'backstage-plugin-acr-cmk-common';
import { verdictOf } from '../domain/verdict';
import { NOW } from '../inventory/Inventory';

const CHECKOUT = registryId('checkoutimages');
const ORDERS = registryId('ordersimages');
const KEY = 'https://kv-contoso-policy.vault.azure.net/keys/ordersimages';

describe('the state of a manual registry on an older version', () => {
  const azure = useAzure();
  let engine: Engine;

  beforeEach(async () => {
    azure.emulator.reset();
    engine = await startEngine(azure.ports, undefined, azure.emulator);
  });
  afterEach(() => engine.stop());

  async function verdict(id: string) {
    const { inventory } = engine;
    const registry = await inventory.registry(RegistryId.parse(id), NOW);
    if (!registry.known) throw new Error(registry.problem.message);
    const bundle = await inventory.bundle(registry.value, NOW);
    return verdictOf(bundle, registry.azureAt);
  }
  const carryOut = async (...args: Parameters<Engine['accept']>) =>
    engine.runToEnd((await engine.accept(...args)).id);

  it('after a rotation that Azure refused names the answer of Azure, and the version that was made', async () => {
    const before = azure.emulator.state.registry('ordersimages').versionInUse;
    azure.emulator.faults.add({
      method: 'PATCH',
      path: '*/registries/ordersimages',
      status: 400,
      code: 'BadRequest',
      message: 'The key is refused',
      times: 0,
    });
    const failed = await carryOut(ORDERS, { kind: 'rotate' });
    azure.emulator.faults.clear();
    expect(failed.state).toBe('failed');
    const { newVersion } = failed.outputs;
    expect(newVersion).not.toBe(before);

    const { state, findings } = await verdict(ORDERS);
    expect(state.id).toBe('last-change-failed');
    expect(state.message).toContain(newVersion!.slice(0, 8));
    expect(findings).toContainEqual(
      expect.objectContaining({
        id: 'last-change-failed',
        detail: expect.stringContaining('The key is refused'),
        intent: {
          kind: 'rotate',
          key: {
            kind: 'existing',
            keyIdentifier: expect.stringContaining(newVersion!),
          },
        },
      }),
    );

    // Its fix ends it.
    const { intent } = findings.find(({ id }) => id === 'last-change-failed')!;
    expect(await carryOut(ORDERS, intent!)).toMatchObject({
      state: 'succeeded',
    });
    expect((await verdict(ORDERS)).state.id).toBe('current');
  });

  it('is a choice only when somebody selected that version', async () => {
    const { versionInUse } = azure.emulator.state.registry('ordersimages');
    await asAdmin(azure.emulator).rotateKey(
      'kv-contoso-policy',
      'ordersimages',
    );
    expect((await verdict(ORDERS)).state.id).toBe('behind-manual');
    await carryOut(ORDERS, { kind: 'rotate' });
    const older = `${KEY}/${versionInUse}`;
    await carryOut(ORDERS, {
      kind: 'rotate',
      key: { kind: 'existing', keyIdentifier: older },
    });
    expect(azure.emulator.state.registry('ordersimages').versionInUse).toBe(
      versionInUse,
    );
    expect((await verdict(ORDERS)).state.id).toBe('behind-by-choice');
  });

  it('names the rotation of another registry that shares the key', async () => {
    const { versionInUse } = azure.emulator.state.registry('ordersimages');
    expect(
      await carryOut(CHECKOUT, {
        kind: 'rotate',
        key: { kind: 'existing', keyIdentifier: `${KEY}/${versionInUse}` },
        grantAccess: true,
      }),
    ).toMatchObject({ state: 'succeeded' });
    await carryOut(CHECKOUT, { kind: 'rotate' });
    expect((await verdict(ORDERS)).state.id).toBe('behind-shared-key');
    expect((await verdict(CHECKOUT)).state.id).toBe('current');
  });
});
