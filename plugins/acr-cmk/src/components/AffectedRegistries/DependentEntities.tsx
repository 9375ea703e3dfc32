import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { Dependents } from 'backstage-plugin-acr-cmk-common';
import { Fragment, useState } from 'react';
import { acrCmkTranslationRef } from '../../translations/ref';
import { EntityName } from '../shared/EntityName';

/** Number of entities shown before **Show more**. */
const FIRST_SHOWN = 10;

const useStyles = makeStyles(
  theme => ({
    list: {
      margin: theme.spacing(0.5, 0, 0),
      paddingLeft: theme.spacing(2.5),
    },
    title: { marginTop: theme.spacing(1.5), fontWeight: 700 },
  }),
  { name: 'AcrCmkDependents' },
);

/** Components and teams that depend on the affected registries: counted, the first by name. */
export function DependentEntities({
  dependents: { count, owners, first, on, hidden },
}: {
  dependents: Dependents;
}) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const [all, setAll] = useState(false);
  const shown = all ? first : first.slice(0, FIRST_SHOWN);
  if (count + hidden === 0) {
    return (
      <Typography variant="body2" className={classes.title}>
        {t('dependents.none')}
      </Typography>
    );
  }
  return (
    <div>
      <Typography variant="body2" className={classes.title}>
        {t('dependents.count', { count })}
        {' · '}
        {t('affected.owners', { count: owners })}
      </Typography>
      <ul className={classes.list}>
        {shown.map(({ entityRef, owner }) => (
          <Typography key={entityRef} component="li" variant="body2">
            <EntityName entityRef={entityRef} />
            {owner && (
              <>
                {' · '}
                {t('affected.ownedBy')} <EntityName entityRef={owner} />
              </>
            )}
          </Typography>
        ))}
        {first.length > shown.length && (
          <li>
            <Button size="small" onClick={() => setAll(true)}>
              {t('more', { count: count - shown.length })}
            </Button>
          </li>
        )}
        {shown.length === first.length && count > first.length && (
          <Typography component="li" variant="body2">
            {t('dependents.more', { count: count - first.length })}{' '}
            {on.map((entityRef, index) => (
              <Fragment key={entityRef}>
                {index > 0 && ', '}
                <EntityName entityRef={entityRef} />
              </Fragment>
            ))}
          </Typography>
        )}
        {hidden > 0 && (
          <Typography component="li" variant="body2">
            {t('affected.hidden', { count: hidden })}
          </Typography>
        )}
      </ul>
    </div>
  );
}
