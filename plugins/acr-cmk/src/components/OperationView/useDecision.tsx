import type { Operation } from 'backstage-plugin-acr-cmk-common';
import { useState, type RefObject } from 'react';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import type { DecisionId } from './DecisionDialog';

export const DecisionDialog = lazyOrNotice(() =>
  import('./DecisionDialog').then(m => m.DecisionDialog),
);

/** Dialog in which the viewer decides about an operation, and the function that opens it. */
export function useDecision(options: {
  /** Takes the focus when the button that opened the dialog cannot. */
  fallbackFocus: RefObject<HTMLElement>;
  onDecided(operation: Operation): void;
}) {
  const [asked, setAsked] = useState<{
    action: DecisionId;
    operation: Operation;
  }>();
  return {
    decide: (action: DecisionId, operation: Operation) =>
      setAsked({ action, operation }),
    dialog: asked && (
      <DecisionDialog
        {...asked}
        {...options}
        onClosed={() => setAsked(undefined)}
      />
    ),
  };
}
