import { CopyTextButton } from '@backstage/core-components';
import { useTexts } from '../../translations/ref';
import { namedStyles } from './styles';

const useStyles = namedStyles('CommandBlock', theme => ({
  root: {
    position: 'relative',
    marginTop: theme.spacing(1),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
  },
  script: {
    margin: 0,
    maxHeight: '12em',
    padding: theme.spacing(1, 6, 1, 1),
    overflow: 'auto',
    fontFamily: 'monospace',
    fontSize: theme.typography.pxToRem(13),
  },
  copy: { position: 'absolute', top: 0, right: 0 },
}));

/** Commands for a terminal, with a button that copies all of them. */
export function CommandBlock(props: { name: string; script: string }) {
  const { name, script } = props;
  const classes = useStyles();
  const t = useTexts();
  return (
    <div className={classes.root}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, so the keyboard has to reach it */}
      <pre className={classes.script} tabIndex={0}>
        {script}
      </pre>
      <div className={classes.copy}>
        <CopyTextButton
          text={script}
          tooltipText={t('copied')}
          aria-label={t('copy', { name })}
        />
      </div>
    </div>
  );
}
