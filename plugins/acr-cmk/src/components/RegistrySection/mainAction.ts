import type {
  ActionId,
  ActionOffer,
  Finding,
  Intent,
  Operation,
  RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { mayApprove } from '../OperationView/mayApprove';
import { permissionIn } from '../shared/permissions';

/** The button in the head of a registry. */
export interface MainAction {
  offer: ActionOffer;
  /** Initial answers of the form. */
  intent?: Intent;
  /** The finding that it fixes. */
  finding?: Finding;
  /** Nothing calls for it, or a request comes first: an outlined button. */
  isQuiet?: boolean;
}

type Facts = Pick<RegistryEncryption, 'state' | 'findings' | 'actions'>;

/** Whether the viewer lacks the permission. */
const isLacking = ({ allowed, reason }: ActionOffer) =>
  !allowed && permissionIn(reason) !== undefined;

/** The request that waits on a registry: one that the viewer may approve, else the newest. */
export function requestIn(
  operations: readonly Operation[],
): Operation | undefined {
  const waiting = operations.filter(
    ({ state }) => state === 'awaiting-approval',
  );
  return waiting.find(mayApprove) ?? waiting[0];
}

/**
 * The one action that fits the state: restore what is revoked, fix what is wrong, else rotate. Behind a request that
 * waits it is the second.
 */
export function mainActionOf(
  registry: Facts,
  request?: Operation,
): MainAction | undefined {
  const main = actionThatFits(registry);
  const isQuiet =
    request !== undefined ||
    (registry.state.id === 'converging' && !main?.finding);
  return main && { ...main, isQuiet };
}

function actionThatFits(registry: Facts): MainAction | undefined {
  // No action gives an existing registry a key of its own.
  if (registry.state.id === 'no-cmk') return undefined;
  const offerOf = (action: ActionId | 'create-registry') =>
    registry.actions.find(offer => offer.action === action);
  const restore = offerOf('restore');
  if (registry.state.id === 'revoked' && restore) {
    // The head says whom to ask; a button that is always off is only in the way.
    return registry.state.revoked && isLacking(restore)
      ? undefined
      : { offer: restore };
  }
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

/** Actions that are in neither button nor tile. */
const IN_MENU: readonly ActionId[] = ['revoke', 'restore', 'retire'];

/**
 * Actions of the menu: those that the viewer has the permission for, with the reason where one is not possible
 * now. None while all of them are impossible.
 */
export function menuActionsOf(
  { actions }: Facts,
  main: MainAction | undefined,
): ActionOffer[] {
  const isMain = ({ action }: ActionOffer) =>
    main?.offer.action === action && main.intent === undefined;
  const offers = actions.filter(
    offer =>
      IN_MENU.includes(offer.action) && !isMain(offer) && !isLacking(offer),
  );
  return offers.some(({ allowed }) => allowed) ? offers : [];
}
