import { stepKinds } from 'backstage-plugin-acr-cmk-backend/src/steps';
import { KINDS } from './steps';

it('knows every kind of step that the product has', () => {
  expect(Object.keys(KINDS).sort()).toEqual(
    stepKinds.map(({ kind }) => kind).sort(),
  );
});
