/** Views of the page of all registries by their paths, each loaded when it is opened. */
export const pageViews = {
  registries: () =>
    import('./components/FleetPage/FleetRegistries').then(
      m => m.FleetRegistries,
    ),
  keys: () => import('./components/FleetPage/FleetKeys').then(m => m.FleetKeys),
  calendar: () =>
    import('./components/FleetPage/FleetCalendar').then(m => m.FleetCalendar),
  campaigns: () => import('./components/Campaigns').then(m => m.Campaigns),
  waiting: () =>
    import('./components/FleetPage/FleetWaiting').then(m => m.FleetWaiting),
  installation: () =>
    import('./components/InstallationCheck').then(m => m.InstallationCheck),
};

export type PagePath = keyof typeof pageViews;
