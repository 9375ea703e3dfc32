import { type PlanOptions, planRequestOf, sparesOthers } from './planRequest';

const GROUP = '/subscriptions/s/resourceGroups/rg';
const NEW = {
  entityName: 'invoice-images',
  name: 'invoiceimages',
  resourceGroupId: GROUP,
  location: 'westeurope',
  key: { kind: 'new-key', vaultName: 'kv-shop', name: 'invoices' },
};
/** The key of `NEW`, as the intent names it. */
const MADE = { kind: 'new-key', vaultName: 'kv-shop', keyName: 'invoices' };
const REGISTRY = {
  entityRef: 'resource:default/shop-images',
  registryId: `${GROUP}/providers/Microsoft.ContainerRegistry/registries/shopimages`,
};
const key = (change: object) => ({ ...NEW, key: { ...NEW.key, ...change } });

describe('what a form asks for', () => {
  it('is a registry with all that its plan needs', () => {
    expect(planRequestOf(NEW, { intent: 'create-registry' })).toEqual({
      entityRef: 'resource:default/invoice-images',
      registryId: `${GROUP}/providers/Microsoft.ContainerRegistry/registries/invoiceimages`,
      intent: {
        kind: 'create-registry',
        location: 'westeurope',
        identity: { name: 'id-invoiceimages', create: true },
        key: { ...MADE, mode: 'automatic' },
      },
    });
  });

  it.each<[string, object, object]>([
    [
      'an identity that exists',
      { ...NEW, identity: '/id' },
      { identity: { name: '/id' } },
    ],
    [
      'a rotation policy of a new key',
      key({ rotateEveryDays: 90, mode: 'manual' }),
      { rotateEveryDays: 90, key: { ...MADE, mode: 'manual' } },
    ],
    [
      'an existing key, without what was answered about a new one before',
      key({ kind: 'existing', identifier: 'https://k', rotateEveryDays: 9 }),
      { key: { kind: 'existing', keyIdentifier: 'https://k' } },
    ],
  ])('has %s', (_what, form, intent) => {
    const request = planRequestOf(form, { intent: 'create-registry' });
    expect(request?.intent).toMatchObject(intent);
    expect('rotateEveryDays' in request!.intent).toBe(
      'rotateEveryDays' in intent,
    );
  });

  it.each<[string, object, PlanOptions]>([
    ['a name', { ...NEW, name: undefined }, { intent: 'create-registry' }],
    ['an entity', { ...NEW, entityName: '' }, { intent: 'create-registry' }],
    [
      'a key',
      { ...NEW, key: { kind: 'existing' } },
      { intent: 'create-registry' },
    ],
    ['a vault', key({ vaultName: undefined }), { intent: 'create-registry' }],
    ['a registry', {}, { intent: 'rotate' }],
    [
      'half a registry',
      { registry: { entityRef: 'x' } },
      { intent: 'restore' },
    ],
  ])('is nothing yet without %s', (_what, form, options) => {
    expect(planRequestOf(form, options)).toBeUndefined();
  });

  it.each<[object, object]>([
    [{}, { kind: 'revoke' }],
    [{ method: 'fewest' }, { kind: 'revoke' }],
    [
      { method: 'disable-version', restoreAfterMinutes: 60 },
      { kind: 'revoke', method: 'disable-version', restoreAfterMinutes: 60 },
    ],
  ])('is a revoke: %j', (answers, intent) => {
    expect(
      planRequestOf({ registry: REGISTRY, ...answers }, { intent: 'revoke' }),
    ).toEqual({ ...REGISTRY, intent });
  });

  it.each<[object, object | undefined]>([
    [{ days: 90, expiry: 'never' }, { timeAfterCreate: 'P90D' }],
    [
      { days: 90, expiry: 'P2Y' },
      {
        timeAfterCreate: 'P90D',
        expiryTime: 'P2Y',
        notifyBeforeExpiry: 'P30D',
      },
    ],
    [{ expiry: 'P2Y' }, undefined],
  ])('is automatic rotation: %j', (answers, policy) => {
    const request = planRequestOf(
      { registry: REGISTRY, ...answers },
      { intent: 'automatic-rotation' },
    );
    expect(request?.intent).toEqual(
      policy && {
        kind: 'automatic-rotation',
        rotation: { kind: 'on', policy },
      },
    );
  });

  it('is found at the paths of the template', () => {
    expect(
      planRequestOf(
        { where: { it: REGISTRY } },
        { intent: 'rotate', values: { registry: 'where.it' } },
      ),
    ).toEqual({ ...REGISTRY, intent: { kind: 'rotate' } });
  });

  it('is refused for a template that does not say what for', () => {
    expect(() => planRequestOf(NEW, {})).toThrow(/ui:options\.intent/);
  });

  it.each<[object, PlanOptions, boolean]>([
    [{ others: 'spare' }, { intent: 'revoke' }, true],
    [{ others: 'accept' }, { intent: 'revoke' }, false],
    [{}, { intent: 'revoke' }, false],
    [{ others: 'spare' }, { intent: 'rotate' }, false],
  ])('%j, %j: spares others: %s', (form, options, spares) => {
    expect(sparesOthers(form, options)).toBe(spares);
  });
});
