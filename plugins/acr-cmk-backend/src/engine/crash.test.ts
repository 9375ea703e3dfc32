/** A death of the worker at every moment of the fast cases, on SQLite. The others: `crash.*.all.test.ts`. */
import { describeCrashes } from '../__testUtils__/crashes';
import { testDatabases } from '../__testUtils__/databases';
import { intentCases, kindOf } from '../__testUtils__/intentCases';
import { stepKinds } from '../domain/steps';

const cases = intentCases.filter(({ fast }) => fast);
const [database] = testDatabases({ fast: 'SQLite' });

const crashed = describeCrashes({ cases, database });

describe('the fast cases', () => {
  it('have every kind of step', () => {
    expect([...crashed].sort()).toEqual(
      stepKinds.map(({ kind }) => kind).sort(),
    );
  });

  it('have every kind of intent', () => {
    expect(new Set(cases.map(kindOf))).toEqual(
      new Set(intentCases.map(kindOf)),
    );
  });
});
