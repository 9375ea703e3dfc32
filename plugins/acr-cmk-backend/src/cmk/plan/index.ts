export * from './change';
export * from './draft';
export * from './intent';
export * from './olderFormat';
export { definitionOf, intents } from './intents';
export { usingKey } from '../consumers';
