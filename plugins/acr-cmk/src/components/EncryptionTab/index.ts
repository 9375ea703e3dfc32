export { EncryptionTab } from './EncryptionTab';
