import type { CampaignMemberState } from 'backstage-plugin-acr-cmk-common';
import type { CampaignRecord, MemberRecord } from './types';

/** The part of a member that takes room. */
type Placed = Pick<MemberRecord, 'subscriptionId' | 'vaultHost'> & {
  state?: CampaignMemberState;
};

/**
 * Concurrency limits of a campaign: overall, by vault, by subscription. A member that is being proven has changed: it leaves
 * its room to others, because reading takes a part of the time of a change. All together stay below twice the limit, and one
 * at a time is one after the other.
 */
export class UnderWay {
  readonly #limits: readonly [
    nameOf: (member: Placed) => string | undefined,
    limit: number,
  ][];
  readonly #all = new Map<string, number>();
  readonly #changing = new Map<string, number>();

  constructor(
    { strategy }: Pick<CampaignRecord, 'strategy'>,
    underWay: readonly Placed[] = [],
  ) {
    const concurrency = strategy?.concurrency ?? 1;
    const { perVault = concurrency, perSubscription = concurrency } =
      strategy ?? {};
    this.#limits = [
      [() => 'all', concurrency],
      [of => `subscription ${of.subscriptionId}`, perSubscription],
      [of => of.vaultHost && `vault ${of.vaultHost}`, perVault],
    ];
    underWay.forEach(member => this.add(member));
  }

  hasRoomFor(member: Placed): boolean {
    return this.#limits.every(([nameOf, limit]) => {
      const name = nameOf(member);
      return (
        name === undefined ||
        ((this.#all.get(name) ?? 0) < 2 * limit - 1 &&
          (this.#changing.get(name) ?? 0) < limit)
      );
    });
  }

  add(member: Placed): void {
    this.#count(member, 1);
  }

  remove(member: Placed): void {
    this.#count(member, -1);
  }

  #count(member: Placed, change: 1 | -1): void {
    const counts =
      member.state === 'proving' ? [this.#all] : [this.#all, this.#changing];
    for (const [nameOf] of this.#limits) {
      const name = nameOf(member);
      if (name === undefined) continue;
      for (const of of counts) of.set(name, (of.get(name) ?? 0) + change);
    }
  }
}
