import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { LoggerService } from '@backstage/backend-plugin-api';
import { documentationUrl } from 'backstage-plugin-acr-cmk-common';
import type { Knex } from 'knex';
import { CREDENTIAL_NAMES } from '../../azure/credentials/credentials';
import type { Clock } from '../database/clock';
import { setState } from '../database/state';
import { holderOf } from './describeCredentials';
import {
  type AcrCmkConfig,
  APPROVED_INTENTS,
  approvalSetting,
} from './readConfig';

/** Names of the rows of `sync_state` in which backends announce their settings. */
const PREFIX = 'backend:';
/** A backend that has announced nothing for so long has ended: they announce each minute. Our choice. Milliseconds. */
const ENDED_AFTER_MS = 3 * 60_000;
const SHARED_KEYS = 'acrCmk.approvals.sharedKeys';

/** Settings of one backend that all backends of a database have to share, by their names. Nothing secret. */
type SharedSettings = Readonly<Record<string, string>>;

interface Announcement {
  host: string;
  settings: SharedSettings;
}

/** Settings that decide about approvals. */
export type ApprovalSettings = Pick<AcrCmkConfig, 'approvals' | 'sharedKeys'>;

interface BackendsContext {
  db: Knex;
  clock: Clock;
  config: AcrCmkConfig;
  logger: Pick<LoggerService, 'error' | 'info'>;
}

const SAME =
  'Give them the same app-config: until then each plans and works by its own scopes and credentials, and the stricter approval applies.';

/** The backends that use this database, by the settings that each of them announces while it runs. */
export class Backends {
  readonly #context: BackendsContext;
  readonly #name = `${PREFIX}${randomUUID()}`;
  #logged = '';
  #hasLeft = false;

  constructor(context: BackendsContext) {
    this.#context = context;
  }

  /** Announces the settings of this backend, and logs how those of the others differ. */
  async announce(): Promise<void> {
    if (this.#hasLeft) return;
    const { db, clock, config, logger } = this.#context;
    const now = await clock.now();
    const value: Announcement = {
      host: hostname(),
      settings: sharedSettings(config),
    };
    await setState(db, this.#name, { value, now });
    await db('sync_state')
      .where('name', 'like', `${PREFIX}%`)
      .where('at', '<', now - ENDED_AFTER_MS)
      .delete();
    const differences = (await this.differences()).join('; ');
    if (differences === this.#logged) return;
    if (differences) {
      logger.error(
        `The backends of this database have different settings: ${differences}. ${SAME} See ${documentationUrl(
          'docs/install.md#4-configuration',
        )}`,
      );
    } else {
      logger.info('The backends of this database have the same settings again');
    }
    this.#logged = differences;
  }

  /** Takes the announcement back: this backend ends. */
  async leave(): Promise<void> {
    this.#hasLeft = true;
    await this.#context.db('sync_state').where({ name: this.#name }).delete();
  }

  /** Settings that differ among the backends, in words. */
  async differences(): Promise<string[]> {
    const all = await this.#announced();
    const names = new Set(all.flatMap(({ settings }) => Object.keys(settings)));
    return [...names].sort().flatMap(name => {
      // A backend of another release may not announce it.
      const having = all.filter(({ settings }) => name in settings);
      const byValue = Map.groupBy(having, ({ settings }) => settings[name]);
      if (byValue.size < 2) return [];
      const values = [...byValue]
        .map(
          ([value, of]) =>
            `${value} (${of.map(({ host }) => host).join(', ')})`,
        )
        .sort();
      return [`${name} is ${values.join(' and ')}`];
    });
  }

  /** The stricter approval of each kind, among this backend and the others that run now. */
  async strictestApprovals(
    db: Knex = this.#context.db,
  ): Promise<ApprovalSettings> {
    const { approvals, sharedKeys } = this.#context.config;
    const all = await this.#announced(db);
    const anyHas = (name: string, value: string) =>
      all.some(({ settings }) => settings[name] === value);
    return {
      approvals: new Set(
        Object.values(APPROVED_INTENTS).filter(
          kind =>
            approvals.has(kind) || anyHas(approvalSetting(kind), 'required'),
        ),
      ),
      sharedKeys: anyHas(SHARED_KEYS, 'refuse') ? 'refuse' : sharedKeys,
    };
  }

  /** Announcements of the backends that run now, in the order of their hosts. */
  async #announced(db: Knex = this.#context.db): Promise<Announcement[]> {
    const now = await this.#context.clock.now(db);
    const values = await db('sync_state')
      .where('name', 'like', `${PREFIX}%`)
      .where('at', '>=', now - ENDED_AFTER_MS)
      .pluck('value');
    return values
      .map((value): Announcement => JSON.parse(value))
      .sort((a, b) => a.host.localeCompare(b.host, 'en'));
  }
}

function sharedSettings(config: AcrCmkConfig): SharedSettings {
  const { approvals, credentials, managementGroups, scopes, vaults } = config;
  const inOneText = (values: readonly string[]) =>
    [...values].sort().join(', ') || 'none';
  return {
    ...Object.fromEntries(
      Object.values(APPROVED_INTENTS).map(kind => [
        approvalSetting(kind),
        approvals.has(kind) ? 'required' : 'none',
      ]),
    ),
    [SHARED_KEYS]: config.sharedKeys,
    'acrCmk.scopes': inOneText([
      ...managementGroups,
      ...scopes.map(({ subscriptionId, resourceGroup }) =>
        resourceGroup ? `${subscriptionId}/${resourceGroup}` : subscriptionId,
      ),
    ]),
    'acrCmk.vaults': vaults ? inOneText([...vaults]) : 'all',
    ...Object.fromEntries(
      CREDENTIAL_NAMES.map(job => {
        const credential = credentials[job];
        return [
          `acrCmk.azure.credentials.${job}`,
          credential ? holderOf(credential) : 'none',
        ];
      }),
    ),
  };
}
