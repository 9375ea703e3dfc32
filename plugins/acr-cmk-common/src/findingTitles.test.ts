import { findingSubject, findingTitle } from './findingTitles';

describe('the words of a finding', () => {
  it('are a short title, and what is checked', () => {
    expect(findingTitle('purge-protection-off')).toBe('No purge protection');
    expect(findingSubject('purge-protection-off')).toBe('purge protection');
  });

  it.each(['key-too-small', 'constructor'])(
    'are made of an id that has no words of its own: %s',
    id => {
      const words = id.replace(/-/g, ' ');
      expect(findingSubject(id)).toBe(words);
      expect(findingTitle(id).toLowerCase()).toBe(words);
    },
  );
});
