import { type Azure, expectSuccess } from './Azure';
import { until } from './measured';
import { TAG } from './names';
import type { Made } from './StateFile';
import type { Steps } from './steps';
import type { Time } from './time';

/** Seconds. */
const PATIENCE = 3600;

/** What an earlier check, or this one, has left. */
export interface Leftovers {
  /** ARM ids of groups that carry our tag. */
  groups: string[];
  deletedVaults: DeletedVault[];
}

interface DeletedVault {
  id: string;
  name: string;
  /** Purge protection is on: Azure removes it by itself at this time. */
  staysUntil?: string;
}

interface Scope {
  azure: Azure;
  subscription: string;
  /** What the state file names. */
  made: readonly Made[];
  /** Of one check only; undefined: of all. */
  runId?: string;
}

/**
 * Finds what to remove, by tag. What the state names is taken only if it carries the tag: nothing else is ever
 * removed.
 */
export async function findLeftovers(scope: Scope): Promise<Leftovers> {
  const { azure, subscription, made, runId } = scope;
  const isOurs = (tags: Record<string, string> | undefined) =>
    tags?.[TAG] !== undefined && (runId === undefined || tags[TAG] === runId);
  const groups = new Set<string>();
  for await (const group of pagesOf(
    azure,
    `/subscriptions/${subscription}/resourceGroups?$filter=tagName eq '${TAG}'`,
  )) {
    if (isOurs(group.tags)) groups.add(String(group.id));
  }
  // A list may be late; the state is not.
  for (const { id } of made.filter(({ kind }) => kind === 'group')) {
    const { status, json } = await azure.arm('GET', id);
    if (status === 200 && isOurs(json.tags)) groups.add(String(json.id));
  }
  const deletedVaults: DeletedVault[] = [];
  for await (const vault of pagesOf(
    azure,
    `/subscriptions/${subscription}/providers/Microsoft.KeyVault/deletedVaults`,
  )) {
    if (!isOurs(vault.properties.tags)) continue;
    const { purgeProtectionEnabled, scheduledPurgeDate } = vault.properties;
    deletedVaults.push({
      id: vault.id,
      name: vault.name,
      ...(purgeProtectionEnabled && { staysUntil: scheduledPurgeDate }),
    });
  }
  return { groups: [...groups], deletedVaults };
}

async function* pagesOf(azure: Azure, path: string): AsyncGenerator<any> {
  let next: string | undefined = path;
  while (next) {
    const { json } = expectSuccess(
      'list resources',
      await azure.arm('GET', next),
    );
    yield* json.value;
    next = json.nextLink ?? undefined;
  }
}

/** Removes everything, and says in sentences what had to stay. */
export async function* removeLeftovers(
  scope: Scope & { time: Time; say(line: string): void },
): Steps<string[]> {
  const { azure, time, say } = scope;
  const { groups } = await findLeftovers(scope);
  for (const id of groups) {
    say(`deleting ${id.split('/').pop()}`);
    const answer = await azure.arm('DELETE', id);
    if (answer.status !== 404) expectSuccess('delete a resource group', answer);
  }
  for (const id of groups) {
    const start = { sentAt: time.now(), answeredAt: time.now() };
    const gone = yield* until(
      { time, start, limitSeconds: PATIENCE },
      async () => (await azure.arm('GET', id)).status === 404,
    );
    if (gone.atMost === null) {
      throw new Error(`The resource group ${id} is still being deleted`);
    }
  }
  // Deleting the groups has made these.
  const { deletedVaults } = await findLeftovers(scope);
  const stay: string[] = [];
  for (const { id, name, staysUntil } of deletedVaults) {
    if (staysUntil) {
      stay.push(
        `The deleted vault ${name} has purge protection: Azure removes it at ${staysUntil}, and it costs nothing until then.`,
      );
      continue;
    }
    say(`purging the vault ${name}`);
    const purged = await azure.arm('POST', `${id}/purge`);
    if (purged.status !== 404) expectSuccess('purge a vault', purged);
    const start = { sentAt: time.now(), answeredAt: time.now() };
    yield* until(
      { time, start, limitSeconds: PATIENCE },
      async () => (await azure.arm('GET', id)).status === 404,
    );
  }
  return stay;
}
