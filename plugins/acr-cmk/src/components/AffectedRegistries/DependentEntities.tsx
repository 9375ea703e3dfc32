import Typography from '@material-ui/core/Typography';
import type { Dependents } from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { EntityNames, OwnedEntity } from '../shared/EntityName';
import { Fold } from '../shared/Fold';
import { joined } from '../shared/joined';
import { namedStyles } from '../shared/styles';
import { useFirst } from '../shared/useFirst';

/** Number of entities shown before **Show more**. */
const FIRST_SHOWN = 10;

const useStyles = namedStyles('Dependents', theme => ({
  list: {
    margin: theme.spacing(0.5, 0, 0),
    paddingLeft: theme.spacing(2.5),
  },
}));

/** Components and teams that depend on the affected registries: counted, the first by name. */
export function DependentEntities({
  dependents: { count, owners, first, on, hidden },
}: {
  dependents: Dependents;
}) {
  const classes = useStyles();
  const t = useTexts();
  const { shown, more } = useFirst(first, FIRST_SHOWN);
  if (count + hidden === 0) {
    return <Typography variant="body2">{t('dependents.none')}</Typography>;
  }
  return (
    <Fold
      summary={joined([
        t('dependents.count', { count }),
        t('affected.owners', { count: owners }),
      ])}
    >
      <ul className={classes.list}>
        {shown.map(entity => (
          <Typography key={entity.entityRef} component="li" variant="body2">
            <OwnedEntity {...entity} />
          </Typography>
        ))}
        {more && <li>{more}</li>}
        {shown.length === first.length && count > first.length && (
          <Typography component="li" variant="body2">
            {t('dependents.more', { count: count - first.length })}{' '}
            <EntityNames of={on} />
          </Typography>
        )}
        {hidden > 0 && (
          <Typography component="li" variant="body2">
            {t('affected.hidden', { count: hidden })}
          </Typography>
        )}
      </ul>
    </Fold>
  );
}
