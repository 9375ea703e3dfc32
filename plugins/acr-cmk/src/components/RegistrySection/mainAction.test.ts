import type {
  ActionId,
  ActionOffer,
  Finding,
  Operation,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { ALL_ALLOWED, registryWith } from '../../fixtures/registry';
import { registryStates } from '../../fixtures/registryStates';
import { operationWith } from '../../fixtures/operations';
import { operationStates } from '../../fixtures/operationStates';
import {
  mainActionOf,
  menuActionsOf,
  reasonBeside,
  requestIn,
  secondActionOf,
} from './mainAction';

const lacking = (action: ActionId, permission: string): ActionOffer => ({
  action,
  allowed: false,
  reason: `You need the permission ${permission} on this entity.`,
});

const trap = registryStates['pinned-key trap']().findings[0];
const findings = (...changes: Partial<Finding>[]) =>
  registryWith({ findings: changes.map(change => ({ ...trap, ...change })) });

describe('the main action of a registry', () => {
  it.each<
    [
      why: string,
      registry: RegistryEncryption,
      action: string,
      fixes: string | undefined,
    ]
  >([
    ['all is well', registryWith(), 'rotate', undefined],
    ['access is revoked', registryStates.revoked(), 'restore', undefined],
    [
      'access is revoked and a finding has a fix',
      registryStates['revoked outside of this portal'](),
      'restore',
      undefined,
    ],
    ['a finding has a fix', findings({}), 'rotate', trap.id],
    [
      'the second finding makes the state',
      {
        ...findings({ id: 'first' }, { id: 'second', message: 'It failed' }),
        state: { id: 'last-change-failed', message: 'It failed' },
      },
      'rotate',
      'second',
    ],
    [
      'the first finding has no fix, the second has one',
      findings({ id: 'first', intent: undefined }, { id: 'second' }),
      'rotate',
      'second',
    ],
    [
      'a note says the same as the state, of an older version',
      registryStates['behind by choice'](),
      'rotate',
      'older-version-pinned',
    ],
    [
      'a finding is only a note',
      findings({ severity: 'info' }),
      'rotate',
      undefined,
    ],
    [
      'a finding could not be checked',
      findings({ verdict: 'undecided' }),
      'rotate',
      undefined,
    ],
    [
      'the fix is not offered',
      findings({ intent: { kind: 'create-registry' } as never }),
      'rotate',
      undefined,
    ],
  ])('when %s', (_why, registry, action, fixes) => {
    const main = mainActionOf(registry);
    expect(main?.offer.action).toBe(action);
    expect(main?.finding?.id).toBe(fixes);
  });

  it('is none when the backend offers none', () => {
    expect(mainActionOf(registryWith({ actions: [] }))).toBeUndefined();
  });

  it('is none for a registry without a customer-managed key, which cannot get one', () => {
    expect(
      mainActionOf(registryStates['no customer-managed key']()),
    ).toBeUndefined();
  });

  it('is none where access was revoked on purpose and the viewer may not restore it', () => {
    const actions = [lacking('restore', 'acr-cmk.key.restore')];
    expect(
      mainActionOf({ ...registryStates.revoked(), actions }),
    ).toBeUndefined();
    // Otherwise the button says which permission it takes.
    const outside = registryStates['revoked outside of this portal']();
    expect(mainActionOf({ ...outside, actions })?.offer).toBe(actions[0]);
  });

  it('is quiet behind a request that waits, and while nothing is to do', () => {
    const quiet = (registry: RegistryEncryption, request?: Operation) =>
      mainActionOf(registry, request)?.isQuiet;
    expect(quiet(registryWith())).toBe(false);
    expect(quiet(registryStates.converging())).toBe(true);
    expect(quiet(registryStates['behind by choice']())).toBe(true);
    expect(quiet(findings({}))).toBe(false);
    const request = operationStates['awaiting approval, of the viewer']();
    expect(quiet(registryWith(), request)).toBe(true);
    expect(quiet(findings({}), request)).toBe(true);
  });

  it('is not allowed for a reason that does not repeat the state', () => {
    const state = { id: 'unreachable', message: 'The firewall is closed' };
    const reasonOf = (reason: string) =>
      reasonBeside(registryWith({ state: state as never }), {
        action: 'rotate',
        allowed: false,
        reason,
      });
    expect(reasonOf('A rotation does not help: The firewall is closed.')).toBe(
      'A rotation does not help.',
    );
    expect(reasonOf('You need the permission acr-cmk.key.rotate')).toBe(
      'You need the permission acr-cmk.key.rotate',
    );
  });

  it('stands behind the request that the viewer may approve, before one that waits for others', () => {
    const own = operationStates['awaiting approval, of the viewer']();
    const others = operationStates['awaiting approval, of another person']();
    expect(requestIn([operationWith()])).toBeUndefined();
    expect(requestIn([operationWith(), own])).toBe(own);
    expect(requestIn([own, others])).toBe(others);
  });

  it('leaves Rotate as a second action beside a fix, and only there', () => {
    const second = (registry: RegistryEncryption) =>
      secondActionOf(registry, mainActionOf(registry))?.action;
    expect(second(registryWith())).toBeUndefined();
    expect(second(findings({}))).toBe('rotate');
    expect(second(registryStates.revoked())).toBeUndefined();
    expect(second({ ...registryStates.revoked(), actions: ALL_ALLOWED })).toBe(
      'rotate',
    );
  });
});

describe('the menu of a registry', () => {
  const menu = (registry: RegistryEncryption) =>
    menuActionsOf(registry, mainActionOf(registry)).map(({ action }) => action);
  const nothingToRestore: ActionOffer = {
    action: 'restore',
    allowed: false,
    reason: 'There is nothing to restore.',
  };

  it('has what is in no button', () => {
    expect(menu(registryWith({ actions: ALL_ALLOWED }))).toEqual([
      'revoke',
      'restore',
      'retire',
    ]);
    expect(menu({ ...registryStates.revoked(), actions: ALL_ALLOWED })).toEqual(
      ['revoke', 'retire'],
    );
  });

  it('has nothing that takes a permission that the viewer lacks', () => {
    const actions = [
      { action: 'retire', allowed: true } as const,
      lacking('revoke', 'acr-cmk.key.revoke'),
      nothingToRestore,
    ];
    expect(menu(registryWith({ actions }))).toEqual(['retire', 'restore']);
  });

  it('is empty while nothing in it is possible', () => {
    expect(menu(registryWith({ actions: [nothingToRestore] }))).toEqual([]);
  });
});
