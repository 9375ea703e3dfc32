/**
 * The name that a person types before something is taken away from a registry. The requester types it; for
 * a request of a program, the approver does.
 */
import { InvalidInput, type Plan } from 'backstage-plugin-acr-cmk-common';
import { requireProgramsMayAsk } from '../gate/requireProgramsMayAsk';
import type { OperationRecord } from '../../engine/types';

/** A plan, the origin of its request, and the confirmation that was typed. */
interface Typed {
  plan: Plan;
  origin: OperationRecord['origin'];
  confirmation?: string;
}

/**
 * @param options.programsRevoke - `acrCmk.actions.revoke`
 * @throws InvalidInput when a person has not typed the name, or a program has sent one
 * @throws ActionRefused when programs may not ask for it
 */
export function requireTypedByRequester(
  { plan, origin, confirmation }: Typed,
  { programsRevoke }: { programsRevoke: boolean },
): void {
  const { typedName } = plan.confirmation;
  if (typedName === null) return;
  if (origin === 'person') {
    if (confirmation === typedName) return;
    throw new InvalidInput(
      'confirmation',
      `type the registry's name, ${typedName}, to confirm`,
    );
  }
  requireProgramsMayAsk({ plan, origin }, { programsRevoke });
  if (confirmation !== undefined) {
    throw new InvalidInput(
      'confirmation',
      `is typed on the registry's Encryption tab, by the person who approves it; leave it out`,
    );
  }
}

/** The name that the approver has to type. Undefined when the requester has typed it, or nobody has to. */
export function typedByApprover({ plan, origin }: Typed): string | undefined {
  const { typedName } = plan.confirmation;
  return origin === 'program' && typedName !== null ? typedName : undefined;
}

/** @throws InvalidInput when a program asked, and the approver has not typed the name that it could not */
export function requireTypedByApprover(request: Typed): void {
  const name = typedByApprover(request);
  if (name === undefined || request.confirmation === name) return;
  throw new InvalidInput(
    'confirmation',
    `a program asked for this: type the registry's name, ${name}, to approve it`,
  );
}
