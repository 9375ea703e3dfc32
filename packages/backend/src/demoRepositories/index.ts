export { demoRepositories as default } from './module';
