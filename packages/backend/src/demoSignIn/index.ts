export { demoSignIn as default } from './module';
