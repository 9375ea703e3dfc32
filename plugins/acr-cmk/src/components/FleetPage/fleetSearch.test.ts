import {
  changed,
  cleared,
  COLUMNS,
  filterOf,
  isFiltered,
  parametersOf,
  searchFrom,
} from './fleetSearch';

const read = (query: string) => searchFrom(new URLSearchParams(query));

describe('the URL of the page', () => {
  it('says nothing of what is as at first', () => {
    expect(parametersOf(read('')).toString()).toBe('');
    expect(isFiltered(read(''))).toBe(false);
  });

  it.each([
    'state=expired%2Crevoked&mode=manual',
    'owner=group%3Adefault%2Fteam-shop&search=shop',
    'unbound=false&expiresBefore=2027-01-01&sort=expires&direction=desc',
    'vault=kv-shop&key=images&cursor=abc&from=50',
    'unused=true',
    'columns=registry%2Cstate%2Clocation',
  ])('means the same after it was read and written: %s', query => {
    const search = read(query);
    expect(searchFrom(parametersOf(search))).toEqual(search);
    expect([...parametersOf(search)].sort()).toEqual(
      [...new URLSearchParams(query)].sort(),
    );
  });

  it('leaves out what it cannot mean', () => {
    expect(
      read('mode=sometimes&unbound=maybe&sort=colour&direction=up&columns=x'),
    ).toEqual({ columns: ['registry', 'state'] });
  });

  it.each(['a&b=c', 'ä ö, ü', '100%', '  x', '../registries?state=expired'])(
    'keeps what a person typed: %s',
    text => {
      const written = parametersOf({ columns: COLUMNS, search: text });
      expect(read(written.toString()).search).toBe(text);
    },
  );

  it('begins on the first page when the filter changes', () => {
    expect(
      changed(read('cursor=abc&from=50&search=a'), { search: 'b' }),
    ).toEqual(read('search=b'));
  });

  it('keeps order and columns when the filters are cleared', () => {
    const search = read('search=a&sort=age&columns=location&cursor=x');
    expect(parametersOf(cleared(search)).toString()).toBe(
      'sort=age&columns=registry%2Cstate%2Clocation',
    );
  });

  it('gives lists and files the filter alone', () => {
    expect(
      filterOf(read('search=a&sort=age&cursor=x&columns=location&registry=r')),
    ).toEqual({ search: 'a' });
  });
});
