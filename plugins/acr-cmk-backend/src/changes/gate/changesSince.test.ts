import { changesSince } from './changesSince';

describe('changes since people agreed to a plan', () => {
  it('name no registry of others', () => {
    const effects = (id: string) =>
      JSON.stringify([{ kind: 'key-changed', usedBy: [id] }]);
    expect(
      changesSince(
        {
          effects: effects('one'),
          'after.keyIdentifier': 'a',
          authorities: 'acr-cmk.key.rotate on resource:default/own',
        },
        {
          effects: effects('hidden'),
          'after.keyIdentifier': 'b',
          authorities: 'acr-cmk.key.rotate on resource:default/hidden',
        },
        'resource:default/own',
      ),
    ).toEqual([
      { field: 'effects', shown: 'as agreed', now: 'different' },
      { field: 'after.keyIdentifier', shown: 'a', now: 'b' },
      {
        field: 'authorities',
        shown: 'acr-cmk.key.rotate on resource:default/own',
        now: 'acr-cmk.key.rotate on another entity',
      },
    ]);
  });
});
