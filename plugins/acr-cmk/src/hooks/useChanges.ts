import { useApiHolder } from '@backstage/core-plugin-api';
// Not `useSignal`: it holds the last signal only, and one that comes right after another hides it.
import { signalApiRef } from '@backstage/plugin-signals-react';
import type { EntityRegistries } from 'backstage-plugin-acr-cmk-common';
import { useEffect, useRef } from 'react';
import { listenForChanges } from './listenForChanges';

/**
 * Calls `reload` when registries have changed. Does nothing in a portal without the signals plugin, where
 * polling alone keeps the view up to date.
 *
 * @param of - change tokens of the shown registries
 */
export function useChanges(
  of: readonly string[] | 'any',
  { reload, pauseMs }: { reload(): void; pauseMs: number },
): void {
  const signals = useApiHolder().get(signalApiRef);
  const latest = useRef({ of, reload });
  useEffect(() => {
    latest.current = { of, reload };
  });
  useEffect(() => {
    if (!signals) return undefined;
    return listenForChanges({
      signals,
      concerns: tokens => {
        const shown = latest.current.of;
        return shown === 'any' || tokens.some(token => shown.includes(token));
      },
      onChange: () => latest.current.reload(),
      pauseMs,
    });
  }, [signals, pauseMs]);
}

/** Change tokens of an entity's registries. */
export function tokensOf(of: EntityRegistries | undefined): string[] {
  return (of?.registries ?? []).flatMap(registry =>
    registry.kind === 'registry' && registry.changeToken
      ? [registry.changeToken]
      : [],
  );
}
