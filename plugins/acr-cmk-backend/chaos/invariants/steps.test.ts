import { stepKinds } from '../../src/steps';
import { KINDS } from './steps';

it('knows every kind of step that the product has', () => {
  expect(Object.keys(KINDS).sort()).toEqual(
    stepKinds.map(({ kind }) => kind).sort(),
  );
});
