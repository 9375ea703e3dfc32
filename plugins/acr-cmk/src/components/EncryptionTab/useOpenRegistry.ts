import { useCallback, useState } from 'react';
import { useSearchParams } from 'react-router-dom';
import { isSame } from '../shared/isSame';
import { nameOf, needsAttention, type ListedRegistry } from './listedRegistry';

/** Parameter of the URL with the open registry, so that links, a reload and Back keep it. */
const PARAMETER = 'registry';
/** Value when all registries are closed. */
const NONE = '';

/**
 * The registry, of several, that is open: the one in the URL, else the first that needed attention
 * when the tab was opened.
 */
export function useOpenRegistry(registries: ListedRegistry[]): {
  openName: string | undefined;
  /** True when the URL that opened the tab named the registry. */
  linked: boolean;
  toggle(name: string): void;
} {
  const [parameters, setParameters] = useSearchParams();
  const inUrl = parameters.get(PARAMETER);
  // Decided once: another registry must not open while the viewer reads.
  const [first] = useState(() => {
    const registry = registries.find(needsAttention);
    return registry && nameOf(registry);
  });
  const [linkedName] = useState(inUrl);
  const named = registries.map(nameOf).find(name => isSame(name, inUrl));
  const openName = named ?? (inUrl === NONE ? undefined : first);
  const toggle = useCallback(
    (name: string) =>
      setParameters(previous => {
        const next = new URLSearchParams(previous);
        next.set(PARAMETER, name === openName ? NONE : name);
        return next;
      }),
    [openName, setParameters],
  );
  return {
    openName,
    linked: Boolean(linkedName) && linkedName === inUrl && named !== undefined,
    toggle,
  };
}
