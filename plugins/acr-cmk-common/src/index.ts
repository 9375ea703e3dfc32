/**
 * Words, read model, permissions, API document and typed client of the acr-cmk plugins.
 *
 * @packageDocumentation
 */
export * from './AcrCmkClient';
export * from './annotations';
export * from './apiZod';
export * from './assertNever';
export * from './campaigns';
export * from './catalogSettings';
export * from './documentation';
export * from './errors';
export * from './facts';
export * from './findingTitles';
export * from './fleet';
export { openApiDocument } from './generated/api';
export * from './clouds';
export * from './InventoryClient';
export * from './KeyIdentifier';
export * from './model';
export * from './operationKind';
export * from './permissions';
export * from './policyDuration';
export * from './RegistryId';
export * from './registryStates';
export * from './services';
export * from './signals';
export * from './text';
export * from './unknownSetting';
export * from './utcTime';
export * from './validEntityRef';
