import { CampaignStateConflict } from 'backstage-plugin-acr-cmk-common';
import { authorityOf } from '../gate/deciders';
import type { UserCredentials } from '../gate/Gate';
import type { PermissionChecker } from '../gate/PermissionChecker';
import type { StoredAuthority } from '../../engine/types';
import type { MemberRecord } from './types';

const keyOf = ({ permission, entityRef = '' }: StoredAuthority) =>
  `${permission} ${entityRef.toLowerCase()}`;

/** Authorities that the requester of a member had at its plan. What they lacked is among the needs. */
function heldAt({ plan, needs }: MemberRecord): StoredAuthority[] {
  const lacked = new Set(needs.map(keyOf));
  return (plan?.authorities ?? []).filter(one => !lacked.has(keyOf(one)));
}

/**
 * Plans of members may be days old, and nobody is there when they start: whenever their requester is, they need what
 * they had.
 *
 * @throws CampaignStateConflict that says what to do
 */
export async function requireStillAllowed(
  members: readonly MemberRecord[],
  {
    campaignId,
    credentials,
    next,
  }: { campaignId: string; credentials: UserCredentials; next: string },
  permissionChecker: PermissionChecker,
): Promise<void> {
  const asked = [
    ...new Map(
      members.flatMap(heldAt).map(one => [keyOf(one), one] as const),
    ).values(),
  ];
  const [lost] = await permissionChecker.lackedOf(
    asked.map(authorityOf),
    credentials,
  );
  if (lost) {
    throw new CampaignStateConflict(
      campaignId,
      `you no longer have the permission ${lost.permission.name} on all of its members. ${next}`,
    );
  }
}
