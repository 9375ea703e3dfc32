/** Attempts to reach resources of others, through the API and by an MCP client. */
import { mockCredentials } from '@backstage/backend-test-utils';
import type { Intent } from 'backstage-plugin-acr-cmk-common';
import {
  acceptanceOf,
  registryId,
  messageOf,
} from '../../__testUtils__/portal';
import { SHOP, TOOLS, withDemoPeople } from './__testUtils__/DemoPeople';

const UNKNOWN = '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10';

const people = withDemoPeople();

describe('nobody reaches a key that is not theirs', () => {
  it("refuses another team's key, and grants nothing at it", async () => {
    await people.start();
    expect(
      await messageOf(
        people.planAs('daniel', ['catalog-images', 'catalogimages'], {
          kind: 'rotate',
          key: {
            kind: 'existing',
            keyIdentifier:
              'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
          },
          grantAccess: true,
        }),
      ),
    ).toBe(
      'resource:default/catalog-images may not use the key shopimages of the vault kv-contoso-rbac. To allow it, set the tag backstage-entity-ref on the key or its vault to resource:default/catalog-images or its owner, or list the key under acrCmk.keys',
    );
    expect(people.portal.writes()).toEqual([]);
  });

  it('refuses it to an MCP client as well', async () => {
    await people.start();
    const { status, body } = await people.invoke(
      'daniel',
      'plan-key-operation',
      {
        entityRef: 'resource:default/catalog-images',
        registryId: registryId('catalogimages'),
        intent: {
          kind: 'rotate',
          key: {
            kind: 'existing',
            keyIdentifier:
              'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
          },
          grantAccess: true,
        },
      },
    );
    expect([status, body.error.message]).toEqual([
      403,
      expect.stringContaining('resource:default/catalog-images may not use'),
    ]);
    expect(people.portal.writes()).toEqual([]);
  });

  it("an MCP client's rotation of a shared key needs approval and does not block a revoke", async () => {
    await people.start();
    const { body: planned } = await people.invoke(
      'olivia',
      'plan-key-operation',
      {
        entityRef: 'resource:default/shared-base',
        registryId: registryId('sharedbase', 'rg-platform'),
        intent: { kind: 'rotate' },
      },
    );
    const { planId, planHash } = planned.output;
    const { body: asked } = await people.invoke(
      'olivia',
      'accept-rotate-plan',
      {
        planId,
        planHash,
        reason: 'Asked for by a program',
      },
    );
    expect(asked.output.state).toBe('awaiting-approval');
    expect(people.portal.writes()).toEqual([]);
    const revoke = await people.planAs('priya', TOOLS, {
      kind: 'revoke',
      method: 'disable-version',
    });
    expect(revoke.blocked).toBe(false);
    await people.acceptAs('priya', revoke, 'sharedtools');
    const { state } = await people.portal
      .as('olivia')
      .operation(asked.output.operationId);
    expect(state).toBe('cancelled');
  });

  it.each([
    ['is not offered', undefined],
    ['waits for a person who types the name', true],
  ])('a revoke by an MCP client %s', async (_what, revoke) => {
    await people.start({ actions: { revoke } });
    const plan = await people.planAs('priya', SHOP, {
      kind: 'revoke',
    });
    const accept = async (more: object) => {
      const { status, body } = await people.invoke(
        'priya',
        'accept-revoke-plan',
        {
          planId: plan.id,
          planHash: plan.hash,
          reason: 'Say hello',
          ...more,
        },
      );
      return [status, body.output?.state];
    };
    expect(await accept({ confirmation: 'shopimages' })).toEqual([
      revoke ? 400 : 404,
      undefined,
    ]);
    expect(await accept({})).toEqual(
      revoke ? [200, 'awaiting-approval'] : [404, undefined],
    );
    expect(people.portal.writes()).toEqual([]);
  });

  it('accepts the same key where the configuration opens it, and then needs people who may grant access and its users', async () => {
    await people.start({
      keys: [
        {
          keyIdentifier:
            'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
          entityRefs: ['group:default/team-payments'],
        },
      ],
    });
    const plan = await people.planAs(
      'daniel',
      ['catalog-images', 'catalogimages'],
      {
        kind: 'rotate',
        key: {
          kind: 'existing',
          keyIdentifier:
            'https://kv-contoso-rbac.vault.azure.net/keys/shopimages',
        },
        grantAccess: true,
      },
    );
    expect(
      plan.approval.needs?.map(({ permission, entityRef }) => [
        permission,
        entityRef,
      ]),
    ).toEqual([
      ['acr-cmk.key.grant', 'resource:default/catalog-images'],
      ['acr-cmk.key.rotate', 'resource:default/shop-images'],
    ]);
  });

  it("refuses to make a registry in another team's name, or with a key that is not open", async () => {
    await people.start();
    const create: Intent = {
      kind: 'create-registry',
      location: 'westeurope',
      identity: { name: 'id-platform-shared' },
      key: {
        kind: 'existing',
        keyIdentifier:
          'https://kv-contoso-rbac.vault.azure.net/keys/platform-shared',
      },
    };
    expect(
      await messageOf(
        people.planAs('daniel', ['shop-images', 'danielimages'], create),
      ),
    ).toContain('acr-cmk.key.rotate on resource:default/shop-images');
    expect(
      await messageOf(
        people.planAs('daniel', ['daniel-images', 'danielimages'], create),
      ),
    ).toContain('resource:default/daniel-images may not');
    // The vault is open to Olivia's team; the identity is not.
    expect(
      await messageOf(
        people.planAs('olivia', ['new-images', 'newimages'], create),
      ),
    ).toContain('may not use the identity id-platform-shared');
    expect(
      people.portal.writes().filter(one => !/checkNameAvailability$/.test(one)),
    ).toEqual([]);
  });

  it.each([
    [
      'is refused unless programs may ask',
      undefined,
      { status: 403, says: 'acrCmk.actions.revoke is not true' },
    ],
    [
      'waits for a person who types the name, where programs may ask',
      true,
      { status: 400, says: 'by the person who approves it' },
    ],
  ])('a revoke by a template %s', async (_what, revoke, refusal) => {
    await people.start({ actions: { revoke } });
    const plan = await people.planAs('priya', SHOP, {
      kind: 'revoke',
    });
    // As the scaffolder's module sends it: with a token that it got for the person.
    const post = (path: string, body: object) =>
      people.portal.request('POST', path, {
        headers: {
          Authorization: `Bearer ${mockCredentials.user.token(
            'user:default/priya',
            { actor: { subject: 'plugin:scaffolder' } },
          )}`,
        },
        body,
      });
    const planned = await post('/v1/plans', {
      entityRef: plan.entityRef,
      registryId: plan.registryId,
      intent: plan.intent,
    });
    expect([
      planned.status,
      /acrCmk.actions.revoke is not true/.test(planned.body.error?.message),
    ]).toEqual([revoke ? 201 : 403, !revoke]);
    const byTemplate = (confirmation?: string) =>
      post(
        '/v1/operations',
        acceptanceOf(plan, { reason: 'Say hello', confirmation }),
      );
    const typed = await byTemplate('shopimages');
    expect([typed.status, typed.body.error.message]).toEqual([
      refusal.status,
      expect.stringContaining(refusal.says),
    ]);
    expect(people.portal.writes()).toEqual([]);
    const { status, body } = await byTemplate();
    expect(status).toBe(revoke ? 202 : 403);
    const { state, id, approval } = body;
    expect([state, approval?.typedName]).toEqual(
      revoke ? ['awaiting-approval', 'shopimages'] : [undefined, undefined],
    );
    const approve = (confirmation?: string) =>
      messageOf(
        people.portal
          .as('paul')
          .approve(id ?? UNKNOWN, plan.hash, confirmation),
      );
    const unknown = `There is no operation ${UNKNOWN}`;
    expect(await approve()).toContain(
      revoke ? "type the registry's name, shopimages" : unknown,
    );
    expect(people.portal.writes()).toEqual([]);
    expect(await approve('shopimages')).toContain(
      revoke ? 'no refusal' : unknown,
    );
  });

  it('records refused plans of people with a right, and of nobody else', async () => {
    await people.start();
    await messageOf(people.planAs('daniel', SHOP, { kind: 'rotate' }));
    await messageOf(people.planAs('vera', SHOP, { kind: 'rotate' }));
    const items = await people.portal.as('priya').audit({});
    expect(items.map(({ event, actor }) => [event, actor])).toEqual([
      ['plan-refused', 'user:default/daniel'],
    ]);
  });
});
