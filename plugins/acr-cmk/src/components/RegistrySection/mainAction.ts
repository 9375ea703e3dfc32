import type {
  ActionId,
  ActionOffer,
  Finding,
  Intent,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';

/** The button in the head of a registry. */
export interface MainAction {
  offer: ActionOffer;
  /** Initial answers of the form. */
  intent?: Intent;
  /** The finding that it fixes. */
  finding?: Finding;
}

type Facts = Pick<RegistryEncryption, 'state' | 'findings' | 'actions'>;

/** The one action that fits the state: restore what is revoked, fix what is wrong, else rotate. */
export function mainActionOf(registry: Facts): MainAction | undefined {
  const offerOf = (action: ActionId | 'create-registry') =>
    registry.actions.find(offer => offer.action === action);
  const restore = offerOf('restore');
  if (registry.state.id === 'revoked' && restore) return { offer: restore };
  // The finding that makes the state comes first.
  const findings = [...registry.findings].sort(
    (a, b) =>
      Number(b.message === registry.state.message) -
      Number(a.message === registry.state.message),
  );
  for (const finding of findings) {
    const offer = finding.intent && offerOf(finding.intent.kind);
    if (offer && finding.verdict === 'found' && finding.severity !== 'info') {
      return { offer, intent: finding.intent, finding };
    }
  }
  const rotate = offerOf('rotate');
  return rotate && { offer: rotate };
}

/** Rotating, where another action is the main one. */
export function secondActionOf(
  registry: Facts,
  main: MainAction | undefined,
): ActionOffer | undefined {
  return registry.actions.find(
    ({ action, allowed }) =>
      action === 'rotate' &&
      allowed &&
      (main?.intent || main?.offer.action !== action),
  );
}
