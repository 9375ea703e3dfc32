export { KeyUsage } from './KeyUsage';
