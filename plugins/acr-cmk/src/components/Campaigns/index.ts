export { Campaigns } from './Campaigns';
