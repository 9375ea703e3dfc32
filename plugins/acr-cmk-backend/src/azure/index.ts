export { AzureError, type RetryAdvice } from './AzureError';
export * from './clients';
export { allows } from './permissions';
export * from './ports';
