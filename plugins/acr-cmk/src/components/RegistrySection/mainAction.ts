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

/** The finding that says the same as the state: it stands in the head, and is not repeated below. */
export function findingOfState({
  state,
  findings,
}: Pick<Facts, 'state' | 'findings'>): Finding | undefined {
  const isNewerThere = state.id.startsWith('behind-');
  return findings.find(
    ({ id, message, verdict }) =>
      verdict === 'found' &&
      (message === state.message ||
        // The state says why the registry is on the older version.
        (isNewerThere && id === 'older-version-pinned')),
  );
}

/** Label of the button that opens the plan of a finding. A deliberate setting has nothing to fix. */
export const reviewLabelOf = (
  { severity }: Finding,
  { action }: Pick<ActionOffer, 'action'>,
) =>
  severity === 'info' && action === 'rotate'
    ? ('findings.reviewPlan' as const)
    : (`findings.review.${action}` as const);

/** Reason why the main action is not allowed, without what the state beside it says already. */
export const reasonBeside = (
  { state }: Pick<Facts, 'state'>,
  { reason }: ActionOffer,
): string | undefined => reason?.replace(`: ${state.message}`, '');

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
    main?.finding?.severity === 'info' ||
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
  const ofState = findingOfState(registry);
  const findings = [...registry.findings].sort(
    (a, b) => Number(b === ofState) - Number(a === ofState),
  );
  for (const finding of findings) {
    const offer = finding.intent && offerOf(finding.intent.kind);
    const calls = finding === ofState || finding.severity !== 'info';
    if (offer && finding.verdict === 'found' && calls) {
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
