export { FleetCalendar } from './FleetCalendar';
export { FleetKeys } from './FleetKeys';
export { FleetRegistries } from './FleetRegistries';
export { FleetWaiting } from './FleetWaiting';
