import Link, { type LinkProps } from '@material-ui/core/Link';
import { Link as RouterLink } from 'react-router-dom';

/** A link within the portal. A relative path begins at the route of the page, as everywhere in React Router. */
export function RouteLink(
  props: Pick<
    LinkProps,
    'variant' | 'underline' | 'title' | 'aria-label' | 'children'
  > & { to: string },
) {
  return <Link component={RouterLink} {...props} />;
}
