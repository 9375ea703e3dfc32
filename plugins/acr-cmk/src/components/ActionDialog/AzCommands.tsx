import { CopyTextButton } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import type { PlannedStep } from 'backstage-plugin-acr-cmk-common';
import { acrCmkTranslationRef } from '../../translations/ref';
import { azScript } from './azScript';

const useStyles = makeStyles(
  theme => ({
    summary: { cursor: 'pointer' },
    commands: {
      position: 'relative',
      marginTop: theme.spacing(1),
      border: `1px solid ${theme.palette.divider}`,
      borderRadius: theme.shape.borderRadius,
    },
    script: {
      margin: 0,
      padding: theme.spacing(1, 6, 1, 1),
      overflowX: 'auto',
      fontFamily: 'monospace',
      fontSize: theme.typography.pxToRem(13),
    },
    copy: { position: 'absolute', top: 0, right: 0 },
  }),
  { name: 'AcrCmkAzCommands' },
);

/** The plan as `az` commands, folded: to review it, or to carry it out by hand. */
export function AzCommands({ steps }: { steps: readonly PlannedStep[] }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const script = azScript(steps);
  if (!script) return null;
  return (
    <Typography component="details" variant="body2">
      <summary className={classes.summary}>{t('plan.az')}</summary>
      <Typography variant="body2" color="textSecondary">
        {t('plan.azHelp')}
      </Typography>
      <div className={classes.commands}>
        {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard has to reach it */}
        <pre className={classes.script} tabIndex={0}>
          {script}
        </pre>
        <div className={classes.copy}>
          <CopyTextButton
            text={script}
            tooltipText={t('copied')}
            aria-label={t('copy', { name: t('plan.az') })}
          />
        </div>
      </div>
    </Typography>
  );
}
