import {
  Sidebar,
  SidebarDivider,
  SidebarGroup,
  SidebarItem,
  SidebarScrollWrapper,
  SidebarSpace,
} from '@backstage/core-components';
import { NavContentBlueprint } from '@backstage/plugin-app-react';
import { NotificationsSidebarItem } from '@backstage/plugin-notifications';
import { UserSettingsSignInAvatar } from '@backstage/plugin-user-settings';
import MenuIcon from '@material-ui/icons/Menu';
import { SidebarLogo } from './SidebarLogo';

export const SidebarContent = NavContentBlueprint.make({
  params: {
    component: ({ navItems }) => {
      const nav = navItems.withComponent(item => (
        <SidebarItem icon={() => item.icon} to={item.href} text={item.title} />
      ));

      // Reached from the entities' pages.
      nav.take('page:catalog-graph');
      const catalog = nav.take('page:catalog');
      const create = nav.take('page:scaffolder');
      // Its own item shows the number of unread ones.
      nav.take('page:notifications');
      const settings = nav.take('page:user-settings');
      const others = nav.rest({ sortBy: 'title' });

      return (
        <Sidebar>
          <SidebarLogo />
          <SidebarDivider />
          <SidebarGroup label="Menu" icon={<MenuIcon />}>
            {catalog}
            {create}
            <SidebarDivider />
            {/* The badge shows it: a snackbar would cover the buttons at the end of a form. */}
            <NotificationsSidebarItem snackbarProps={{ enabled: false }} />
            <SidebarScrollWrapper>{others}</SidebarScrollWrapper>
          </SidebarGroup>
          <SidebarSpace />
          <SidebarDivider />
          <SidebarGroup
            label="Settings"
            icon={<UserSettingsSignInAvatar />}
            to="/settings"
          >
            {settings}
          </SidebarGroup>
        </Sidebar>
      );
    },
  },
});
