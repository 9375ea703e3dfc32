export { RegistrySection } from './RegistrySection';
