export { globalTeardown as default } from './jestGlobalSetup';
