import type { Assumptions } from 'azure-emulator';
import { expectSuccess } from '../Azure';
import { until } from '../measured';
import type { Lab, Measurements, Probe } from '../probe';
import { query } from '../resourceGraph';
import type { Steps } from '../steps';

/** Seconds. */
const LIMIT = 3600;
/** More than there can be of what the check makes. */
const MOST_PAGES = 50;
const PAGE_SIZE = 2;

/** Resource Graph: how late it is, how it pages, and what it cannot index. */
export const resourceGraph: Probe = {
  id: 'resource-graph',
  title: 'how late Resource Graph is, and how it pages',
  about: [
    'resourceGraphDelaySeconds',
    'resourceGraphPaging',
    'resourceGraphCannotIndex',
  ],

  async *run(lab: Lab): Steps<Measurements> {
    const { azure, names, time } = lab;
    const id = names.vaultId('policies');
    // Another value than an earlier try has left.
    const probe = `graph-${time.now()}`;
    const start = { sentAt: time.now(), answeredAt: time.now() };
    const rows = async () =>
      (
        await query(
          lab,
          `resources | where resourceGroup =~ '${names.group}' | project id`,
        )
      ).json.data.length > 0;
    yield* until({ time, start, limitSeconds: LIMIT }, rows);
    const tagged = expectSuccess(
      'tag a vault',
      await azure.arm('PATCH', id, {
        body: { tags: { ...names.tags, probe } },
      }),
    );
    const indexed = yield* until(
      { time, start: tagged, limitSeconds: LIMIT },
      async () => {
        const { json } = await query(
          lab,
          `resources | where id =~ '${id}' | project tags`,
        );
        return json.data[0]?.tags?.probe === probe;
      },
    );
    return {
      resourceGraphDelaySeconds: { seconds: indexed },
      resourceGraphPaging: { value: await pagingOf(lab) },
      resourceGraphCannotIndex: { value: await notIndexed(lab) },
    };
  },
};

/** What pages of the same rows do while nothing comes or goes. */
async function pagingOf(lab: Lab): Promise<Assumptions['resourceGraphPaging']> {
  const text = `resources | where resourceGroup =~ '${lab.names.group}' | project id | order by id asc`;
  const whole: string[] = (await query(lab, text)).json.data.map(
    ({ id }: { id: string }) => id,
  );
  const seen: string[] = [];
  const tokens = new Set<string>();
  let $skipToken: string | undefined;
  let isShort = false;
  for (let page = 0; page < MOST_PAGES; page++) {
    const { json } = lab.azure.record(
      'query a page of Resource Graph',
      await query(lab, text, {
        $top: PAGE_SIZE,
        ...($skipToken && { $skipToken }),
      }),
    );
    seen.push(...json.data.map(({ id }: { id: string }) => id));
    $skipToken = json.$skipToken;
    if (!$skipToken) break;
    isShort ||= json.data.length < PAGE_SIZE;
    if (tokens.has($skipToken)) return 'looping';
    tokens.add($skipToken);
  }
  if (isShort) return 'shrinking';
  if (new Set(seen).size < seen.length) return 'doubling';
  return whole.every(id => seen.includes(id)) ? 'exact' : 'losing';
}

/** The types of which Resource Graph answers 422 for a resource, as patterns. */
async function notIndexed({ azure, names }: Lab): Promise<string[]> {
  const ids = [
    names.registryId('follow'),
    names.vaultId('policies'),
    names.identityId('follow'),
  ];
  const found: string[] = [];
  for (const id of ids) {
    const { status } = await azure.arm('GET', id, {
      query: { useResourceGraph: 'true' },
    });
    const type = id.split('/providers/')[1].replace(/\/[^/]+$/, '');
    if (status === 422) found.push(`*/${type}/*`);
  }
  return found;
}
