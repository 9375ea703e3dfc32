import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { DemoUser, expect, Portal, registryId, test } from './support';

const REGISTRY = registryId('shopimages');
const ENTITY = 'resource:default/shop-images';

/** An MCP client that a person has signed in. */
async function connect(portal: Portal, user: DemoUser): Promise<Client> {
  const client = new Client({ name: 'a-test', version: '1.0.0' });
  await client.connect(
    new StreamableHTTPClientTransport(
      new URL(`${portal.url}/api/mcp-actions/v1`),
      {
        requestInit: {
          headers: { Authorization: `Bearer ${await portal.token(user)}` },
        },
      },
    ),
  );
  return client;
}

/** The answer of a tool; of a refusal, its text. */
async function call(client: Client, name: string, input: object) {
  const { tools } = await client.listTools();
  const tool = tools.find(one => one.name.endsWith(name));
  if (!tool) throw new Error(`There is no tool ${name}`);
  const answer: any = await client.callTool({
    name: tool.name,
    arguments: input as Record<string, unknown>,
  });
  const text = answer.content.map((one: any) => one.text ?? '').join('\n');
  const json = /\{[\s\S]*\}/.exec(text)?.[0];
  return {
    isError: answer.isError === true,
    text,
    output: answer.isError ? undefined : JSON.parse(json ?? 'null'),
  };
}

test('an MCP client reads, plans and rotates with the hash, and is refused with a stale one', async ({
  portal,
}) => {
  const client = await connect(portal, 'olivia');
  const { tools } = await client.listTools();
  const hints = Object.fromEntries(
    tools.map(({ name, annotations }) => [
      name.replace(/^acr-cmk[.:_-]?/, ''),
      [
        annotations?.readOnlyHint,
        annotations?.destructiveHint,
        annotations?.idempotentHint,
      ],
    ]),
  );
  expect(hints).toEqual({
    'get-registry-encryption': [true, false, true],
    'find-registries': [true, false, true],
    'get-key-operation': [true, false, true],
    'preview-campaign': [true, false, false],
    'get-campaign': [true, false, true],
    'plan-key-operation': [true, false, true],
    'accept-rotate-plan': [false, true, true],
    'accept-automatic-rotation-plan': [false, true, true],
    'accept-restore-plan': [false, false, true],
    // acrCmk.actions.revoke is true in the demo.
    'accept-revoke-plan': [false, true, true],
  });

  const before = await call(client, 'get-registry-encryption', {
    entityRef: ENTITY,
    refresh: true,
  });
  expect(before.output.registries[0].registryId).toBe(REGISTRY);
  const request = {
    entityRef: ENTITY,
    registryId: REGISTRY,
    intent: { kind: 'rotate' },
  };
  await portal.azure.clearRequests();
  const plan = await call(client, 'plan-key-operation', request);
  const stale = await call(client, 'plan-key-operation', request);
  const accept = ({ output }: typeof plan) =>
    call(client, 'accept-rotate-plan', {
      planId: output.planId,
      planHash: output.planHash,
      reason: 'Asked for by a person, through a program',
    });
  const accepted = await accept(plan);
  expect(accepted.isError).toBe(false);
  await expect
    .poll(
      async () =>
        (
          await call(client, 'get-key-operation', {
            operationId: accepted.output.operationId,
          })
        ).output.state,
      { timeout: 120_000 },
    )
    .toBe('succeeded');
  const after = await call(client, 'get-registry-encryption', {
    entityRef: ENTITY,
    refresh: true,
  });
  const versionOf = ({ output }: typeof before) =>
    output.registries[0].versionInUse;
  expect(versionOf(after)).not.toBe(versionOf(before));

  const refused = await accept(stale);
  expect(refused.isError).toBe(true);
  expect(refused.text).toMatch(/no longer fits/);
  const rotations = (await portal.azure.requests()).filter(
    ({ path, status }) => path.endsWith('/rotate') && status === 200,
  );
  expect(rotations).toHaveLength(1);

  const { body } = await portal.api(
    'priya',
    'GET',
    '/api/acr-cmk/v1/audit?limit=1000',
  );
  expect(
    body.items.filter(
      ({ operationId }: any) => operationId === accepted.output.operationId,
    )[0].actor,
  ).toBe('user:default/olivia');
  await client.close();
});

test('an MCP client of another team is refused a plan in the message of the tab', async ({
  portal,
}) => {
  const client = await connect(portal, 'daniel');
  const refused = await call(client, 'plan-key-operation', {
    entityRef: ENTITY,
    registryId: REGISTRY,
    intent: { kind: 'rotate' },
  });
  expect(refused.isError).toBe(true);
  expect(refused.text).toMatch(
    /You need the permission acr-cmk\.registry\.read/,
  );
  await client.close();
});

test('an MCP client of a visitor sees nothing of the plugin', async ({
  portal,
}) => {
  const client = await connect(portal, 'vera');
  expect((await client.listTools()).tools).toEqual([]);
  await client.close();
});
