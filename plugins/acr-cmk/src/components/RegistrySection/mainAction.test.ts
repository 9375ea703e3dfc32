import type {
  Finding,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { ALL_ALLOWED, registryWith } from '../../fixtures/registry';
import { registryStates } from '../../fixtures/registryStates';
import { mainActionOf, secondActionOf } from './mainAction';

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
