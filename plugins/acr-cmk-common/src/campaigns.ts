import { fleetQuery, type FleetPage } from './fleet';
import type {
  Campaign,
  CampaignCommand,
  CampaignDecision,
  CampaignEstimate,
  CampaignMembers,
  CampaignMemberState,
  CampaignOutcome,
  CampaignReport,
  CampaignRequest,
  Campaigns,
  CampaignStart,
  CampaignStrategy,
} from './model';

/** One member, then a tenth, then the rest; five at once; no failure in the first stage, 2% later. */
export const DEFAULT_CAMPAIGN_STRATEGY: CampaignStrategy = {
  stages: [
    { count: 1, maxFailures: 0 },
    { percent: 10, maxFailurePercent: 2 },
    { maxFailurePercent: 2 },
  ],
  concurrency: 5,
};

/** Selection of members of a campaign; all of it has to hold. */
export interface CampaignMemberQuery extends FleetPage {
  /** Any of these. */
  outcome?: readonly CampaignOutcome[];
  /** Any of these. */
  state?: readonly CampaignMemberState[];
  /** Number of a stage, from 1. */
  stage?: number;
  /** True: only members of the current stage that await the caller's approval. */
  mine?: boolean;
}

interface Options {
  signal?: AbortSignal;
}

/** One change to many registries. */
export interface CampaignApi {
  /** Plans each selected member. Writes nothing to Azure. */
  create(request: CampaignRequest): Promise<Campaign>;
  /** Newest first. */
  list(options?: Options): Promise<Campaigns>;
  get(id: string, options?: Options): Promise<Campaign>;
  members(
    id: string,
    query?: CampaignMemberQuery,
    options?: Options,
  ): Promise<CampaignMembers>;
  /** Stages and duration of a preview by a strategy. Changes nothing. */
  estimate(
    id: string,
    strategy: CampaignStrategy,
    options?: Options,
  ): Promise<CampaignEstimate>;
  /** Accepts the preview with this hash. */
  start(id: string, start: CampaignStart): Promise<Campaign>;
  pause(id: string, command?: CampaignCommand): Promise<Campaign>;
  resume(id: string, command?: CampaignCommand): Promise<Campaign>;
  /** Starts no more members; running operations continue to their end. */
  abort(id: string, command: CampaignCommand): Promise<Campaign>;
  /** Plans failed, skipped, rejected and changed members again. */
  retry(id: string, command?: CampaignCommand): Promise<Campaign>;
  skip(
    id: string,
    position: number,
    command: CampaignCommand,
  ): Promise<Campaign>;
  /** Decides about the caller's members of the current stage. */
  decide(
    id: string,
    stage: number,
    decision: CampaignDecision,
  ): Promise<Campaign>;
  report(id: string, options?: Options): Promise<CampaignReport>;
  /** The response whose body is the report as CSV, a line for each member. */
  reportCsv(id: string, options?: Options): Promise<Response>;
}

/** The part of the API under `/v1/campaigns`. */
export class CampaignClient implements CampaignApi {
  readonly #get: (path: string, options: Options) => Promise<Response>;
  readonly #post: (
    path: string,
    body: object,
    options?: Options,
  ) => Promise<Response>;

  /** @param http - answers with the response, or throws when it is not 2xx */
  constructor(http: {
    get(path: string, options: Options): Promise<Response>;
    post(path: string, body: object, options?: Options): Promise<Response>;
  }) {
    this.#get = http.get;
    this.#post = http.post;
  }

  async create(request: CampaignRequest) {
    return this.#sent('/v1/campaigns', request);
  }

  async list(options: Options = {}) {
    return json<Campaigns>(await this.#get('/v1/campaigns', options));
  }

  async get(id: string, options: Options = {}) {
    return json<Campaign>(await this.#get(pathOf(id), options));
  }

  async members(
    id: string,
    query: CampaignMemberQuery = {},
    options: Options = {},
  ) {
    const text = fleetQuery(query);
    const path = `${pathOf(id, 'members')}${text ? `?${text}` : ''}`;
    return json<CampaignMembers>(await this.#get(path, options));
  }

  async estimate(
    id: string,
    strategy: CampaignStrategy,
    options: Options = {},
  ) {
    return json<CampaignEstimate>(
      await this.#post(pathOf(id, 'estimate'), strategy, options),
    );
  }

  async start(id: string, start: CampaignStart) {
    return this.#sent(pathOf(id, 'start'), start);
  }

  async pause(id: string, command: CampaignCommand = {}) {
    return this.#sent(pathOf(id, 'pause'), command);
  }

  async resume(id: string, command: CampaignCommand = {}) {
    return this.#sent(pathOf(id, 'resume'), command);
  }

  async abort(id: string, command: CampaignCommand) {
    return this.#sent(pathOf(id, 'abort'), command);
  }

  async retry(id: string, command: CampaignCommand = {}) {
    return this.#sent(pathOf(id, 'retry'), command);
  }

  async skip(id: string, position: number, command: CampaignCommand) {
    return this.#sent(pathOf(id, `members/${position}/skip`), command);
  }

  async decide(id: string, stage: number, decision: CampaignDecision) {
    return this.#sent(pathOf(id, `stages/${stage}/decision`), decision);
  }

  async report(id: string, options: Options = {}) {
    return json<CampaignReport>(await this.#get(pathOf(id, 'report'), options));
  }

  async reportCsv(id: string, options: Options = {}) {
    return this.#get(pathOf(id, 'report.csv'), options);
  }

  async #sent(path: string, body: object): Promise<Campaign> {
    return json<Campaign>(await this.#post(path, body));
  }
}

function pathOf(id: string, what?: string): string {
  return `/v1/campaigns/${encodeURIComponent(id)}${what ? `/${what}` : ''}`;
}

async function json<T>(response: Response): Promise<T> {
  return response.json() as Promise<T>;
}
