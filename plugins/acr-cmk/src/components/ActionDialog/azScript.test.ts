import { azScript } from './azScript';

const step = (title: string, commands?: string[]) => ({
  kind: 'k',
  title,
  target: 't',
  writes: true,
  commands,
});

describe('the same with az', () => {
  it('is one script, with the title of each step before its commands', () => {
    expect(
      azScript([
        step('Create a version', ['NEW_KEY=$(az one)']),
        step('Point the registry at it', ['az two', 'az three']),
      ]),
    ).toBe(
      '# 1. Create a version\nNEW_KEY=$(az one)\n\n# 2. Point the registry at it\naz two\naz three\n',
    );
  });

  it('is empty for a plan of a release that named none', () => {
    expect(azScript([step('Old')])).toBe('');
  });
});
