import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { Consumer } from 'backstage-plugin-acr-cmk-common';
import { useOwnRefs } from '../../hooks/useOwnRefs';
import { useTexts } from '../../translations/ref';
import { Block } from '../shared/layout';
import { checkStyles, severityStyles } from '../shared/statusStyles';
import { Note } from '../shared/Note';
import { stack } from '../shared/styles';

const useStyles = makeStyles(
  theme => ({
    list: { ...stack(theme, 0.5), listStyle: 'none', margin: 0, padding: 0 },
    name: { fontWeight: 700 },
  }),
  { name: 'AcrCmkYourRegistries' },
);

/** Effect of a plan on each registry of the viewer and their groups. Nothing where none is theirs. */
export function YourRegistries({ consumers }: { consumers: Consumer[] }) {
  const classes = useStyles();
  const t = useTexts();
  const own = useOwnRefs();
  const theirs = consumers.filter(
    ({ entities, outcome }) =>
      outcome &&
      entities.some(({ owner }) => owner && own.has(owner.toLowerCase())),
  );
  if (theirs.length === 0) return null;
  return (
    <Block title={t('affected.yours')}>
      <Note
        statusStyle={
          theirs.some(({ losesKey }) => losesKey)
            ? checkStyles.warn
            : severityStyles.info
        }
      >
        <ul className={classes.list}>
          {theirs.map(({ registryId, registryName, outcome }) => (
            <Typography key={registryId} component="li" variant="body2">
              <span className={classes.name}>{registryName}</span>: {outcome}
            </Typography>
          ))}
        </ul>
      </Note>
    </Block>
  );
}
