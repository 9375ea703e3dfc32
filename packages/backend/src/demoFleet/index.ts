export { demoFleet as default } from './module';
