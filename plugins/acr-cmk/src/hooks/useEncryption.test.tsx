import { type SignalApi, signalApiRef } from '@backstage/plugin-signals-react';
import { TestApiProvider } from '@backstage/test-utils';
import { act, renderHook, waitFor } from '@testing-library/react';
import type { EntityRegistries } from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import { acrCmkApiRef } from '../api';
import { InMemoryAcrCmk } from '../fixtures/InMemoryAcrCmk';
import { answerWith, registryWith } from '../fixtures/registry';
import { refusals } from '../fixtures/refusals';
import { useEncryption } from './useEncryption';

/** Collects every state that is rendered, so that a flash cannot hide. */
function follow(
  api: InMemoryAcrCmk,
  entityRef = 'resource:default/shop-images',
  signals?: SignalApi,
) {
  const rendered: string[] = [];
  const { result, rerender } = renderHook(
    (props: { entityRef: string }) => {
      const used = useEncryption(props.entityRef);
      const { encryption } = used;
      const now =
        encryption.status === 'ready'
          ? `ready${encryption.refreshing ? ', refreshing' : ''}${
              encryption.refreshError ? ', with an error' : ''
            }`
          : encryption.status;
      if (rendered[rendered.length - 1] !== now) rendered.push(now);
      return used;
    },
    {
      initialProps: { entityRef },
      wrapper: ({ children }: { children: ReactNode }) => (
        <TestApiProvider
          apis={[
            [acrCmkApiRef, api],
            ...(signals ? [[signalApiRef, signals] as const] : []),
          ]}
        >
          {children}
        </TestApiProvider>
      ),
    },
  );
  return { rendered, result, rerender };
}

const partsOf = (registry: EntityRegistries['registries'][number]) => {
  if (registry.kind !== 'registry') throw new Error('It could be read');
  return registry;
};

describe('the encryption of an entity', () => {
  it('is loading, then ready, with nothing in between', async () => {
    const api = new InMemoryAcrCmk({ answer: answerWith(registryWith()) });
    const { rendered } = follow(api);
    await waitFor(() => expect(rendered).toContain('ready'));
    expect(rendered).toEqual(['loading', 'ready']);
  });

  it('is denied without a failed state before', async () => {
    const api = new InMemoryAcrCmk();
    api.refuse('registriesOf', refusals.permissionMissing);
    const { rendered, result } = follow(api);
    await waitFor(() => expect(rendered).toContain('denied'));
    expect(rendered).toEqual(['loading', 'denied']);
    expect(result.current.encryption).toMatchObject({
      permission: 'acr-cmk.registry.read',
    });
  });

  it('keeps the same objects for what has not changed', async () => {
    const shop = registryWith();
    const orders = registryWith({ name: 'orders' });
    const api = new InMemoryAcrCmk({ answer: answerWith(shop, orders) });
    const { result } = follow(api);
    const ready = () => {
      const { encryption } = result.current;
      return encryption.status === 'ready' && !encryption.refreshing
        ? encryption.data.registries
        : undefined;
    };
    await waitFor(() => expect(ready()).toBeDefined());
    const before = ready()!;
    api.answer = answerWith({ ...shop, location: 'northeurope' }, orders);

    act(() => result.current.refresh());

    await waitFor(() =>
      expect(ready()?.[0]).toMatchObject({ location: 'northeurope' }),
    );
    const after = ready()!;
    expect(partsOf(after[0]).key).toBe(partsOf(before[0]).key);
    expect(partsOf(after[1]).consumers).toBe(partsOf(before[1]).consumers);
  });

  it('keeps its data when a refresh fails', async () => {
    const api = new InMemoryAcrCmk({ answer: answerWith(registryWith()) });
    const { rendered, result } = follow(api);
    await waitFor(() => expect(rendered).toContain('ready'));
    api.refuse('registriesOf', refusals.backendDown);
    act(() => result.current.refresh());
    await waitFor(() => expect(rendered).toContain('ready, with an error'));
    act(() => result.current.refresh());
    await waitFor(() => expect(rendered[rendered.length - 1]).toBe('ready'));
    expect(rendered).toEqual([
      'loading',
      'ready',
      'ready, refreshing',
      'ready, with an error',
      'ready, refreshing, with an error',
      'ready',
    ]);
  });

  it('shows nothing of the previous entity when the entity changes', async () => {
    const api = new InMemoryAcrCmk({ answer: answerWith(registryWith()) });
    const { rendered, rerender } = follow(api);
    await waitFor(() => expect(rendered).toContain('ready'));
    const gate = api.hold('registriesOf');
    rerender({ entityRef: 'resource:default/other' });
    expect(rendered[rendered.length - 1]).toBe('loading');
    gate.open();
    await waitFor(() => expect(rendered[rendered.length - 1]).toBe('ready'));
  });

  it('is asked for again when a signal names one of its registries, and no other one', async () => {
    jest.spyOn(Math, 'random').mockReturnValue(0);
    let say: ((message: { tokens: string[] }) => void) | undefined;
    const signals: SignalApi = {
      subscribe(_channel, onMessage) {
        say = onMessage as unknown as NonNullable<typeof say>;
        return { unsubscribe: () => undefined };
      },
    };
    const api = new InMemoryAcrCmk({
      answer: answerWith(registryWith({ changeToken: 'mine' })),
    });
    const { rendered, result } = follow(api, undefined, signals);
    await waitFor(() => expect(rendered).toContain('ready'));
    await waitFor(() => expect(say).toBeDefined());
    api.answer = answerWith(
      registryWith({ changeToken: 'mine', location: 'northeurope' }),
    );

    // A timer without a delay comes before those that are set after it.
    const aMoment = () =>
      act(() => new Promise(resolve => setTimeout(resolve)));
    act(() => say?.({ tokens: ['theirs'] }));
    await aMoment();
    expect(rendered).toEqual(['loading', 'ready']);

    act(() => say?.({ tokens: ['theirs', 'mine'] }));
    await waitFor(() =>
      expect(result.current.encryption).toMatchObject({
        data: { registries: [{ location: 'northeurope' }] },
      }),
    );
    jest.restoreAllMocks();
  });
});
