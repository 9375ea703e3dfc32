export { AzureError, type Retry } from './AzureError';
export * from './clients';
export { allows } from './permissions';
export * from './ports';
