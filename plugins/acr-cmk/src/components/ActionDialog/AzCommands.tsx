import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { PlannedStep } from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { CommandBlock } from '../shared/CommandBlock';
import { azScript } from './azScript';

const useStyles = makeStyles(
  { summary: { cursor: 'pointer' } },
  { name: 'AcrCmkAzCommands' },
);

/** The plan as `az` commands, folded: to review it, or to carry it out by hand. */
export function AzCommands({ steps }: { steps: readonly PlannedStep[] }) {
  const classes = useStyles();
  const t = useTexts();
  const script = azScript(steps);
  if (!script) return null;
  return (
    <Typography component="details" variant="body2">
      <summary className={classes.summary}>{t('plan.az')}</summary>
      <Typography variant="body2" color="textSecondary">
        {t('plan.azHelp')}
      </Typography>
      <CommandBlock name={t('plan.az')} script={script} />
    </Typography>
  );
}
