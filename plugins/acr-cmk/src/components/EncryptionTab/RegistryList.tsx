import Typography from '@material-ui/core/Typography';
import { useEffect, useId, useRef, type ReactNode } from 'react';
import { useTexts } from '../../translations/ref';
import { Stack } from '../shared/Stack';
import { namedStyles } from '../shared/styles';
import { nameOf, needsAttention, type ListedRegistry } from './listedRegistry';
import { useOpenRegistry } from './useOpenRegistry';

const useStyles = namedStyles('RegistryList', theme => ({
  list: { marginTop: theme.spacing(1) },
}));

/** Several registries, a line for each; at most one is open. */
export function RegistryList(props: {
  registries: ListedRegistry[];
  children(
    registry: ListedRegistry,
    collapsible: { open: boolean; onToggle(name: string): void },
  ): ReactNode;
}) {
  const { registries, children } = props;
  const classes = useStyles();
  const t = useTexts();
  const titleId = useId();
  const { openName, linked, toggle } = useOpenRegistry(registries);
  const openItem = useRef<HTMLLIElement>(null);
  // The linked registry may be far down in the list.
  useEffect(() => {
    if (linked) openItem.current?.scrollIntoView?.({ block: 'start' });
  }, [linked]);
  return (
    <div>
      <Typography
        id={titleId}
        variant="subtitle1"
        component="h2"
        style={{ display: 'inline', fontWeight: 700 }}
      >
        {t('list.title', { count: registries.length })}
      </Typography>
      <Typography component="span" color="textSecondary">
        {' · '}
        {t('list.attention', {
          count: registries.filter(needsAttention).length,
        })}
      </Typography>
      <Stack component="ul" aria-labelledby={titleId} className={classes.list}>
        {registries.map(registry => {
          const name = nameOf(registry);
          const open = name === openName;
          return (
            <li key={name} ref={open ? openItem : undefined}>
              {children(registry, { open, onToggle: toggle })}
            </li>
          );
        })}
      </Stack>
    </div>
  );
}
