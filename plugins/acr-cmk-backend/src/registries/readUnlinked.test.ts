/** `acrCmk.readUnlinked: false`: the annotation of an entity alone shows nothing of a registry. */
import {
  messageOf,
  registryId,
  resource,
  startPortal,
  type TestPortal,
} from '../__testUtils__/portal';
import {
  createRegistryConditionalDecision,
  registryConditions,
} from './fleet/rules';
import {
  fleetReadPermission,
  type RegistryChoices,
} from 'backstage-plugin-acr-cmk-common';

describe('reading by an annotation that nothing confirms', () => {
  let portal: TestPortal;
  afterEach(() => portal.stop());

  const start = async (config: Record<string, unknown>) => {
    portal = await startPortal({
      config,
      entities: [
        resource('shop-images', registryId('shopimages')),
        resource('spy-images', registryId('shopimages')),
        resource('no-images', registryId('nosuchimages')),
        resource('plain-spy', registryId('plainimages')),
      ],
    });
  };
  const seenBy = async (entity: string) =>
    (await portal.as().registriesOf(`resource:default/${entity}`)).registries;
  const fleetOf = async (entity: string) => {
    portal.decideFleet(() =>
      createRegistryConditionalDecision(
        fleetReadPermission,
        registryConditions.isOfEntity({
          entityRefs: [`resource:default/${entity}`],
        }),
      ),
    );
    return (await portal.as().fleet.registries()).items.map(({ name }) => name);
  };

  it('is possible by default', async () => {
    await start({});
    expect(await seenBy('spy-images')).toMatchObject([{ kind: 'registry' }]);
    expect(await fleetOf('spy-images')).toEqual(['shopimages']);
  });

  it('shows nothing where it is off, whether or not the registry is there', async () => {
    await start({ readUnlinked: false });
    for (const [entity, name] of [
      ['spy-images', 'shopimages'],
      ['no-images', 'nosuchimages'],
    ]) {
      expect(await seenBy(entity)).toEqual([
        {
          kind: 'unreadable',
          text: registryId(name),
          reason: 'denied',
          message: `resource:default/${entity} is not linked to the registry ${name}, or the registry cannot be read. Set the tag backstage-entity-ref = resource:default/${entity} on the registry, or add it to acrCmk.bindings (acrCmk.readUnlinked is false)`,
        },
      ]);
    }
    expect(await fleetOf('spy-images')).toEqual([]);
    expect(await seenBy('shop-images')).toMatchObject([{ kind: 'registry' }]);
    expect(await fleetOf('shop-images')).toEqual(['shopimages']);
  });

  it('tells nothing in a plan either, where it is off', async () => {
    await start({ readUnlinked: false });
    const planOf = (entity: string, name: string) =>
      messageOf(portal.plan(entity, registryId(name), { kind: 'rotate' }));
    for (const [entity, name] of [
      ['spy-images', 'shopimages'],
      ['no-images', 'nosuchimages'],
      ['plain-spy', 'plainimages'],
    ]) {
      expect(await planOf(entity, name)).toMatch(
        `resource:default/${entity} is not linked to the registry ${name}, or the registry cannot be read`,
      );
    }
    expect(await planOf('shop-images', 'shopimages')).toBe('no refusal');
  });

  it('offers nothing in forms, where it is off', async () => {
    await start({ readUnlinked: false });
    await seenBy('shop-images');
    const { body } = await portal.request('GET', '/v1/registries');
    expect(
      body.items.flatMap(({ entities }: RegistryChoices['items'][number]) =>
        entities.map(({ entityRef }) => entityRef),
      ),
    ).toEqual(['resource:default/shop-images']);
  });
});
