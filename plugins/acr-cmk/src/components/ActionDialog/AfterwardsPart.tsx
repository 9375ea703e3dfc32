import Typography from '@material-ui/core/Typography';
import type { Afterwards, Finding } from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import { useTexts } from '../../translations/ref';
import {
  checkStyles,
  severityStyles,
  stateStyles,
  Status,
} from '../shared/statusStyles';
import { namedStyles, plainList, stack } from '../shared/styles';

const useStyles = namedStyles('Afterwards', theme => ({
  list: {
    ...plainList,
    ...stack(theme, 1),
    marginTop: theme.spacing(1),
  },
}));

/** State that a plan leads to, the findings that begin with it and those that end. */
export function AfterwardsPart(props: {
  afterwards: Afterwards;
  /** Change that the same plan can make about it. */
  offer?: ReactNode;
}) {
  const { state, begins, ends } = props.afterwards;
  const classes = useStyles();
  const t = useTexts();
  // A finding that is the state is not repeated below it.
  const others = begins.filter(({ message }) => message !== state.message);
  const remedy = begins.find(
    ({ message }) => message === state.message,
  )?.remedy;
  return (
    <div>
      <Status statusStyle={stateStyles[state.id]}>
        {t(`state.${state.id}`)}
      </Status>
      <Typography variant="body2">{state.message}</Typography>
      {remedy && !props.offer && <Remedy remedy={remedy} />}
      {props.offer}
      {others.length + ends.length > 0 && (
        <ul className={classes.list}>
          {others.map(finding => (
            <li key={finding.id}>
              <Status statusStyle={severityStyles[finding.severity]}>
                {t('plan.begins')}
              </Status>
              <Message of={finding} />
            </li>
          ))}
          {ends.map(finding => (
            <li key={finding.id}>
              <Status statusStyle={checkStyles.pass}>{t('plan.ends')}</Status>
              <Message of={{ ...finding, remedy: undefined }} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

function Message({ of: { message, remedy } }: { of: Finding }) {
  return (
    <>
      <Typography variant="body2">{message}</Typography>
      {remedy && <Remedy remedy={remedy} />}
    </>
  );
}

export function Remedy({ remedy }: { remedy: string }) {
  const t = useTexts();
  return (
    <Typography variant="body2" color="textSecondary">
      {t('remedy', { remedy })}
    </Typography>
  );
}
