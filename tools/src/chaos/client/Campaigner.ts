import { setTimeout as delay } from 'node:timers/promises';
import type {
  Campaign,
  CampaignIntent,
  CampaignMember,
  CampaignStrategy,
} from 'backstage-plugin-acr-cmk-common';
import type { Random } from '../random';
import type { Backend } from '../world/Backend';
import { deadline } from '../world/deadline';
import type { Person, Target } from '../world/people';
import { answerOf } from './answers';
import { type CampaignChoice, chooseCampaign } from './campaignChoices';
import type { Attempt, History } from './History';

/** Between two looks, and two tries of something whose outcome is not known. Milliseconds. */
const AGAIN_MS = 700;
/** Longest time until the first campaign has begun. Milliseconds. */
const FIRST_MS = 300_000;
/** Before a registry that is not listed yet is selected again. Milliseconds. */
const UNLISTED_MS = 3000;

/** Requests the campaigns, and decides about them. */
const REQUESTER: Person = 'olivia';
const APPROVER: Person = 'priya';

/** A hash of nothing that anybody has seen. */
const WRONG_HASH = 'a'.repeat(64);

const REASON = 'As it has to be';

const pause = (ms: number, over: AbortSignal) =>
  delay(ms, undefined, { signal: over }).catch(() => undefined);

const hasEnded = ({ state }: Campaign) =>
  state === 'ended' || state === 'aborted';

/**
 * People who run campaigns over REST: one selects, previews, starts and steers them, and another one decides about their
 * stages. Each tries to start with a hash that is not the preview's as well.
 */
export class Campaigner {
  readonly #history: History;
  readonly #backend: () => Backend;

  /** @param of.backend - the one to ask next */
  constructor(of: { history: History; backend(): Backend }) {
    this.#history = of.history;
    this.#backend = of.backend;
  }

  /** One campaign after the other, until the time is over. The first one begins in any case. */
  async run(random: Random, over: AbortSignal): Promise<void> {
    for (let index = 0; index === 0 || !over.aborted; index++) {
      const choice = chooseCampaign(random, index);
      const id = await this.begin(
        choice,
        index === 0 ? deadline(FIRST_MS) : over,
      );
      if (id === undefined) await pause(AGAIN_MS, over);
      else await this.#lookAfter(id, choice, over);
    }
  }

  async #lookAfter(
    id: string,
    choice: CampaignChoice,
    over: AbortSignal,
  ): Promise<void> {
    const patience = deadline(choice.patienceMs, over);
    const command = deadline(choice.commandAfterMs, patience);
    let isCommanded = false;
    while (!patience.aborted) {
      if (command.aborted && !isCommanded) {
        isCommanded = true;
        await (choice.command === 'skip'
          ? this.#skipLast(id)
          : this.#command(id, choice.command));
        await pause(AGAIN_MS, patience);
      }
      const campaign = await this.tend(id, { ...choice, retries: true });
      if (campaign && hasEnded(campaign) && isCommanded) return;
      await pause(AGAIN_MS, patience);
    }
  }

  /** Selects, previews and starts. @returns the campaign; undefined when nothing could be started */
  async begin(
    {
      intent,
      targets,
      strategy,
    }: Pick<CampaignChoice, 'intent' | 'targets' | 'strategy'>,
    over: AbortSignal,
  ): Promise<string | undefined> {
    const preview = await this.preview({ intent, targets }, over);
    if (!preview) return undefined;
    const order = { strategy, reason: 'They never follow new versions' };
    this.#history.wrongHashes.push({
      campaignId: preview.id,
      answer: await this.#start(preview.id, { ...order, hash: WRONG_HASH }),
    });
    const right = { ...order, hash: preview.hash! };
    const answers = await Promise.all([
      this.#start(preview.id, right),
      this.#start(preview.id, right),
    ]);
    while (answers.every(({ kind }) => kind === 'unknown') && !over.aborted) {
      await pause(AGAIN_MS, over);
      answers.push(await this.#start(preview.id, right));
    }
    return answers.some(({ kind }) => kind === 'accepted')
      ? preview.id
      : undefined;
  }

  /** @returns a complete preview in which something would change; undefined when there is none */
  async preview(
    { intent, targets }: { intent: CampaignIntent; targets: readonly Target[] },
    over: AbortSignal,
  ): Promise<Campaign | undefined> {
    while (!over.aborted) {
      const created = await this.#create({ intent, targets });
      if (created.kind === 'refused') this.#history.count('previews refused');
      await pause(created.kind === 'refused' ? UNLISTED_MS : AGAIN_MS, over);
      if (created.kind !== 'accepted') continue;
      let campaign: Campaign | undefined = created.campaign;
      while (!over.aborted && campaign?.state === 'previewing') {
        await pause(AGAIN_MS, over);
        campaign = (await this.get(campaign.id)) ?? campaign;
      }
      if (campaign?.state !== 'preview') {
        this.#history.count('previews interrupted');
        continue;
      }
      if (campaign.outcomes.some(({ outcome }) => outcome === 'change')) {
        return campaign;
      }
      this.#history.count('previews without a change');
      return undefined;
    }
    return undefined;
  }

  async #create(of: {
    intent: CampaignIntent;
    targets: readonly Target[];
  }): Promise<
    | { kind: 'accepted'; campaign: Campaign }
    | Exclude<Attempt['answer'], { kind: 'accepted' }>
  > {
    try {
      for (const { entityRef } of of.targets) {
        // Its registry is known once somebody has opened its tab.
        await this.#backend().as(REQUESTER).registriesOf(entityRef);
      }
      const campaign = await this.#backend()
        .as(REQUESTER)
        .campaigns.create({
          intent: of.intent,
          selection: {
            registryIds: of.targets.map(({ registryId }) => registryId),
          },
        });
      return { kind: 'accepted', campaign };
    } catch (error) {
      return answerOf(error);
    }
  }

  async #start(
    id: string,
    start: { hash: string; strategy: CampaignStrategy; reason: string },
  ): Promise<Attempt['answer']> {
    try {
      await this.#backend().as(REQUESTER).campaigns.start(id, start);
      if (!this.#history.campaigns.includes(id)) {
        this.#history.campaigns.push(id);
      }
      return { kind: 'accepted', operationId: id };
    } catch (error) {
      return answerOf(error);
    }
  }

  /** Does what the campaign waits for: resumes, decides, leaves out what no longer fits, and repeats what failed. */
  async tend(
    id: string,
    of: { rejects?: boolean; retries?: boolean } = {},
  ): Promise<Campaign | undefined> {
    const campaign = await this.get(id);
    if (!campaign) return undefined;
    const { offers, states } = campaign;
    if (offers.includes('resume')) await this.#command(id, 'resume');
    await this.decide(id, of);
    if (!hasEnded(campaign)) {
      if (!states.some(({ state }) => state === 'changed')) return campaign;
      if (of.retries) await this.#command(id, 'retry');
      else await this.#skipChanged(id);
    } else if (of.retries && offers.includes('retry')) {
      await this.#command(id, 'retry');
    }
    return campaign;
  }

  /** Decides about the members that await the other person. @returns whether some did */
  async decide(
    id: string,
    { rejects = false }: { rejects?: boolean } = {},
  ): Promise<boolean> {
    const { request } = (await this.get(id, APPROVER)) ?? {};
    if (!request) return false;
    await this.#try('decide', async () => {
      const { campaigns } = this.#backend().as(APPROVER);
      const { items } = await campaigns.members(id, { mine: true });
      await campaigns.decide(id, request.stage, {
        hash: request.hash,
        rejected: rejects
          ? items
              .slice(-1)
              .map(({ position }) => ({ position, reason: 'Not this week' }))
          : [],
      });
    });
    return true;
  }

  async #command(
    id: string,
    command: 'pause' | 'resume' | 'abort' | 'retry',
  ): Promise<void> {
    await this.#try(command, () =>
      this.#backend().as(REQUESTER).campaigns[command](id, {
        reason: REASON,
      }),
    );
  }

  async #skipChanged(id: string): Promise<void> {
    for (const { position } of (await this.members(id, ['changed'])) ?? []) {
      await this.#skip(id, position);
    }
  }

  /** Leaves out the last member that has not begun. */
  async #skipLast(id: string): Promise<void> {
    const unbegun = await this.members(id, ['waiting', 'ready', 'approval']);
    for (const { position } of unbegun?.slice(-1) ?? []) {
      await this.#skip(id, position);
    }
  }

  async #skip(id: string, position: number): Promise<void> {
    await this.#try('skip', () =>
      this.#backend()
        .as(REQUESTER)
        .campaigns.skip(id, position, { reason: REASON }),
    );
  }

  /** The campaign as a person sees it; undefined without an answer. */
  get(id: string, person: Person = REQUESTER): Promise<Campaign | undefined> {
    return this.#backend()
      .as(person)
      .campaigns.get(id)
      .catch(() => undefined);
  }

  /** Members in these states, or all; undefined without an answer. */
  async members(
    id: string,
    state?: readonly CampaignMember['state'][],
  ): Promise<CampaignMember[] | undefined> {
    return this.#backend()
      .as(REQUESTER)
      .campaigns.members(id, { limit: 100, state })
      .then(({ items }) => items)
      .catch(() => undefined);
  }

  /** Leaves out the member of a registry, until that is done. */
  async skip(id: string, name: string, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      const member = (await this.members(id))?.find(({ registries }) =>
        registries.includes(name),
      );
      if (member?.state === 'skipped') return;
      if (member) await this.#skip(id, member.position);
      else await pause(AGAIN_MS, over);
    }
  }

  /** Gives a command until `isDone` says that it was carried out. */
  async insist(
    id: string,
    {
      command,
      isDone,
    }: {
      command: 'pause' | 'resume' | 'abort' | 'retry';
      isDone(campaign: Campaign): boolean;
    },
    over: AbortSignal,
  ): Promise<void> {
    while (!over.aborted) {
      await this.#command(id, command);
      const campaign = await this.get(id);
      if (campaign && isDone(campaign)) return;
      await pause(AGAIN_MS, over);
    }
  }

  async #try(what: string, call: () => Promise<unknown>): Promise<void> {
    try {
      await call();
      this.#history.count(`campaign ${what}: done`);
    } catch (error) {
      this.#history.count(`campaign ${what}: ${answerOf(error).kind}`);
    }
  }
}
