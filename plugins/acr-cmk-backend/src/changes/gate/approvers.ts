import type { Need } from 'backstage-plugin-acr-cmk-common';
import { memberOf } from '../../catalog/CatalogLinks';
import type { Approvers } from '../../platform/config';
import type { StoredNeed } from '../../engine/types';

/*
 * People who are asked for an agreement, by `acrCmk.approvers`. Backstage cannot ask its policy about somebody
 * who is absent, so nothing is assumed: where the configuration names nobody, nobody is asked.
 */

const NOBODY = { groups: [], owners: false } as const;

/** Holders of a permission, by the configuration. */
const holdersOf = (approvers: Approvers, permission: string) =>
  approvers.get(permission) ?? NOBODY;

const nameOf = (ref: string) => ref.slice(ref.lastIndexOf('/') + 1);

/** Words for those whom the caller can ask for a permission that they lack. */
export function holdersInWords(
  approvers: Approvers,
  { permission, entityRef }: Pick<Need, 'permission' | 'entityRef'>,
): string {
  const { groups, owners } = holdersOf(approvers, permission);
  const names = [
    ...(owners && entityRef !== undefined ? ['its owner'] : []),
    ...groups.map(nameOf),
  ];
  return names.length > 0 ? names.join(' or ') : 'somebody who has it';
}

/** Relations of a person by which they may have what a need takes. */
export const standingFor = (
  approvers: Approvers,
  { permission }: Pick<StoredNeed, 'permission'>,
  standing: readonly string[],
): readonly string[] => {
  const asked = holdersOf(approvers, permission).groups.map(memberOf);
  return standing.filter(
    words => !words.startsWith(memberOf('')) || asked.includes(words),
  );
};

/** A need as a reader may see it. */
interface ShownNeed extends Pick<Need, 'permission' | 'entityRef' | 'because'> {
  /** Owner of the entity, where the reader may see it. */
  owner?: string;
  /** The reader may not see the entity. */
  hidden: boolean;
}

/** Refs of those who are asked to meet a need, as its reader may see them. */
export function askedOf(
  approvers: Approvers,
  { permission, owner }: Pick<ShownNeed, 'permission' | 'owner'>,
): string[] {
  const { groups, owners } = holdersOf(approvers, permission);
  return [...new Set([...(owners && owner ? [owner] : []), ...groups])];
}

/**
 * Needs in a text, those of the rarest permission first. More are counted, since a key may be used by hundreds. Our
 * choice.
 */
const NAMED_NEEDS = 10;

/** Text about whose approval is needed and why, and for what the requester has to ask somebody. */
export function needsInWords(
  approvers: Approvers,
  needs: readonly ShownNeed[],
): string {
  const alike = Map.groupBy(needs, ({ permission }) => permission);
  const sentences = [...alike.values()]
    .sort((a, b) => a.length - b.length)
    .flat()
    .slice(0, NAMED_NEEDS)
    .map(
      need =>
        `Needs approval from ${whoInWords(approvers, need)}, because ${need.because}.`,
    );
  const more = needs.length - sentences.length;
  const unnamed = needs
    .filter(need => !isAnybodyNamed(approvers, need))
    .map(({ permission }) => permission);
  return [
    ...sentences,
    ...(more > 0
      ? [`Needs ${more} more ${more === 1 ? 'approval' : 'approvals'}.`]
      : []),
    ...(unnamed.length > 0
      ? [
          `Nobody is notified, because acrCmk.approvers names nobody for ${[
            ...new Set(unnamed),
          ].join(', ')}: ask somebody yourself.`,
        ]
      : []),
  ].join(' ');
}

function isAnybodyNamed(
  approvers: Approvers,
  { permission, entityRef, hidden }: ShownNeed,
): boolean {
  const { groups, owners } = holdersOf(approvers, permission);
  return groups.length > 0 || (owners && (hidden || entityRef !== undefined));
}

function whoInWords(approvers: Approvers, need: ShownNeed): string {
  const { permission, entityRef, hidden } = need;
  const { owners } = holdersOf(approvers, permission);
  const on = entityRef === undefined ? '' : ` on ${entityRef}`;
  const names = askedOf(approvers, need).map(nameOf);
  if (owners && hidden) {
    names.unshift('the owner of an entity that you may not see');
  } else if (owners && entityRef !== undefined && !need.owner) {
    names.unshift(`the owner of ${entityRef}`);
  }
  if (names.length > 0) return `${names.join(' or ')} (${permission}${on})`;
  return `somebody with ${permission}${
    hidden ? ' on an entity that you may not see' : on
  }`;
}

/**
 * Recipients of a request for approval, as lower-cased refs: the configured groups, and for owners the entity,
 * whose owners Backstage finds. An entity that is yet to be made has none but its requester.
 */
export function recipientsOf(
  approvers: Approvers,
  {
    needs,
    newEntityRef,
  }: { needs: readonly StoredNeed[]; newEntityRef?: string },
): string[] {
  const unmet = needs.filter(({ by }) => by === undefined);
  return [
    ...new Set(
      unmet.flatMap(({ permission, entityRef }) => {
        const { groups, owners } = holdersOf(approvers, permission);
        const isNew = entityRef?.toLowerCase() === newEntityRef?.toLowerCase();
        return [
          ...(owners && entityRef !== undefined && !isNew
            ? [entityRef.toLowerCase()]
            : []),
          ...groups,
        ];
      }),
    ),
  ];
}
