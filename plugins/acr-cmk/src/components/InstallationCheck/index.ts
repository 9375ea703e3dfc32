export { InstallationCheck } from './InstallationCheck';
