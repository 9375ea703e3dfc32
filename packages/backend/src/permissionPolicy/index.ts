export { samplePermissionPolicy as default } from './module';
