import {
  accessOfSubject,
  keyOfSubject,
  subjectOfAccess,
  subjectOfKey,
} from './subjects';

const KEY = { vault_host: 'kv.vault.azure.net', name: 'shop' };
const ACCESS = {
  principal_id: '11111111-2222-4333-8444-555555555555',
  vault_host: 'kv.vault.azure.net',
  key_name: 'shop',
};

describe('subjects of dirty things', () => {
  it('lead back to the key or access path', () => {
    expect(keyOfSubject(subjectOfKey(KEY))).toEqual(KEY);
    expect(accessOfSubject(subjectOfAccess(ACCESS))).toEqual(ACCESS);
  });

  it.each(['', 'shop', 'a/b/c', '/subscriptions/x'])(
    '%j is neither',
    subject => {
      expect(keyOfSubject(subject)).toBeUndefined();
      expect(accessOfSubject(subject)).toBeUndefined();
    },
  );
});
