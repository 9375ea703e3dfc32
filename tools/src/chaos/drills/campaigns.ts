/** Drills of campaigns, one after the other, on registries of their own. */
import type {
  Campaign,
  CampaignIntent,
  CampaignMember,
  CampaignStrategy,
} from 'backstage-plugin-acr-cmk-common';
import { CAMPAIGN_DRILL_REGISTRIES, newTarget } from '../world/people';
import type { Drill } from './drills';
import type { Stage } from './Stage';

const [FIRST, FAILS, WORSE, SKIPPED] = CAMPAIGN_DRILL_REGISTRIES;
const TARGETS = CAMPAIGN_DRILL_REGISTRIES.map(newTarget);

/** Days after which the versions of a key expire: fewer than the 30 of the warning, more than a run moves the clock by. */
const SOON_DAYS = 20;

/** Time in which something happens while an operation waits for Azure. Milliseconds. */
const WHILE_MS = 8000;

type States = Record<string, CampaignMember['state']>;

/** The registry of a member that is one, or that alone uses the key of a member. */
const registryOf = ({ registries: [name] }: CampaignMember) => name;

/** One campaign of the drill. */
class Drilled {
  readonly id: string;
  readonly #stage: Stage;

  private constructor(stage: Stage, id: string) {
    this.#stage = stage;
    this.id = id;
  }

  static async begin(
    stage: Stage,
    intent: CampaignIntent,
    strategy: CampaignStrategy,
  ): Promise<Drilled> {
    const id = await stage.campaigner.begin(
      { intent, targets: TARGETS, strategy },
      stage.over(),
    );
    if (id === undefined) throw new Error(`no campaign of ${intent.kind}`);
    return new Drilled(stage, id);
  }

  until<T>(
    what: string,
    look: (campaign: Campaign) => Promise<T | undefined>,
  ): Promise<T> {
    return this.#stage.until(`${what} of campaign ${this.id}`, async () => {
      const campaign = await this.#stage.campaigner.get(this.id);
      return campaign && look(campaign);
    });
  }

  async member(name: string): Promise<CampaignMember> {
    return this.#stage.until(`the member ${name}`, async () =>
      (await this.#stage.campaigner.members(this.id))?.find(
        one => registryOf(one) === name,
      ),
    );
  }

  /** Waits for the end, and gives the approvals that it needs. */
  async end(wanted: Campaign['state'], expected: States): Promise<void> {
    const { campaigner } = this.#stage;
    const state = await this.until('the end', async campaign => {
      if (campaign.endedAt !== undefined) return campaign.state;
      await campaigner.decide(this.id);
      return undefined;
    });
    const members = await this.#stage.until(`members of ${this.id}`, () =>
      campaigner.members(this.id),
    );
    const states = Object.fromEntries(
      members.map(one => [registryOf(one), one.state]),
    );
    const wrong = Object.entries(expected).filter(
      ([name, expectedState]) => states[name] !== expectedState,
    );
    if (state !== wanted || wrong.length > 0) {
      throw new Error(
        `campaign ${this.id} is ${state}, with ${JSON.stringify(states)}`,
      );
    }
  }

  command(
    command: 'pause' | 'resume' | 'abort' | 'retry',
    isDone: (campaign: Campaign) => boolean,
  ): Promise<void> {
    return this.#stage.campaigner.insist(
      this.id,
      { command, isDone },
      this.#stage.over(),
    );
  }
}

/** One member fails and is repeated, one gets worse before its proof, and one is left out and repeated. */
const repeated: Drill['run'] = async stage => {
  await stage.fault({
    method: 'PATCH',
    path: newTarget(FAILS).registryId,
    status: 400,
    code: 'Broken',
    // Once more when the writes of a former worker can no longer arrive.
    times: 2,
  });
  // The first one leaves time to skip another, and the one that gets worse to change its key.
  for (const name of [FIRST, WORSE]) {
    await stage.fault({
      method: 'GET',
      path: `${newTarget(name).registryId}/operationStatuses/*`,
      delayMs: WHILE_MS,
    });
  }
  const campaign = await Drilled.begin(
    stage,
    { kind: 'automatic-mode' },
    { stages: [{ count: 1 }, { maxFailures: 4 }], concurrency: 3 },
  );
  await stage.campaigner.skip(campaign.id, SKIPPED, stage.over());
  await expireWhileWriting(stage, campaign);
  const after = { [FIRST]: 'succeeded', [WORSE]: 'unverified' } as const;
  await campaign.end('ended', {
    ...after,
    [FAILS]: 'failed',
    [SKIPPED]: 'skipped',
  });
  for (;;) {
    await campaign.command('retry', ({ state }) => state !== 'ended');
    await campaign.end('ended', { ...after, [SKIPPED]: 'succeeded' });
    const { state } = await campaign.member(FAILS);
    if (state === 'succeeded') return;
    if (state !== 'failed') throw new Error(`${FAILS} is ${state}`);
  }
};

/** Operation of a member that has begun: before, its campaign holds it. */
const startedOperationOf = ({ state, operationId }: CampaignMember) =>
  state === 'running' ? operationId : undefined;

/** The version that a member uses is about to expire, since its operation has written. */
async function expireWhileWriting(
  stage: Stage,
  campaign: Drilled,
): Promise<void> {
  const operationId = await campaign.until(
    'the start of a member',
    async () => {
      await stage.campaigner.decide(campaign.id);
      return startedOperationOf(await campaign.member(WORSE));
    },
  );
  await stage.writing(operationId, 'point-registry-at-key');
  await stage.outsider.expireVersions(WORSE, SOON_DAYS);
}

/** Nothing begins before its approval, after a rejection, or during a pause. */
const approved: Drill['run'] = async stage => {
  const { campaigner } = stage;
  const campaign = await Drilled.begin(
    stage,
    { kind: 'automatic-rotation', policy: { timeAfterCreate: 'P450D' } },
    { stages: [{}], concurrency: 2 },
  );
  await campaign.until('the approvals', async ({ states }) =>
    states.some(({ state }) => state === 'approval') ? true : undefined,
  );
  await campaign.command('pause', ({ state }) => state === 'paused');
  await campaign.until('the decision', async ({ states }) => {
    await campaigner.decide(campaign.id, { rejects: true });
    return states.some(({ state }) => state === 'approval') ? undefined : true;
  });
  const begun = (await stage.world.database.db('operations')).filter(
    ({ campaign_id: of, started_at: startedAt }) =>
      of === campaign.id && startedAt !== null,
  );
  if (begun.length > 0) {
    throw new Error(`${begun[0].id} began while its campaign was paused`);
  }
  await campaign.command('resume', ({ state }) => state !== 'paused');
  await campaign.end('ended', {
    [FIRST]: 'succeeded',
    [FAILS]: 'succeeded',
    // Its version expires before the policy would rotate.
    [WORSE]: 'unverified',
    [SKIPPED]: 'rejected',
  });
};

/** Whatever has not begun is not begun any more. */
const aborted: Drill['run'] = async stage => {
  await stage.fault({
    method: 'POST',
    path: `/keys/${FIRST}/rotate`,
    delayMs: WHILE_MS,
  });
  const campaign = await Drilled.begin(
    stage,
    { kind: 'new-version' },
    { stages: [{}], concurrency: 1 },
  );
  await campaign.until('the first start', async () => {
    await stage.campaigner.decide(campaign.id);
    return startedOperationOf(await campaign.member(FIRST));
  });
  await campaign.command(
    'abort',
    ({ offers }) => !offers.includes('abort') && !offers.includes('resume'),
  );
  await campaign.end('aborted', {
    [FIRST]: 'succeeded',
    [SKIPPED]: 'not-started',
  });
};

export const campaignDrill: Drill = {
  name: 'campaigns repeat what failed, start nothing that is not approved, and call nothing proven that became worse',
  async run(stage) {
    await repeated(stage);
    await approved(stage);
    await aborted(stage);
  },
};
