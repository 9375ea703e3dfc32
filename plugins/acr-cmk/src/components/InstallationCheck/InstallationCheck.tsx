import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type { DoctorReport } from 'backstage-plugin-acr-cmk-common';
import { useId } from 'react';
import { isRefreshing } from '../../hooks/loaded';
import { useDoctorReport } from '../../hooks/useDoctorReport';
import { useTexts } from '../../translations/ref';
import { Row, Stack } from '../shared/Stack';
import { LoadedView } from '../shared/LoadedView';
import { Note } from '../shared/Note';
import { doctorStyles, Status } from '../shared/statusStyles';
import { namedStyles } from '../shared/styles';
import { Ago } from '../shared/Time';

type DoctorCheck = DoctorReport['checks'][number];
type DoctorStatus = DoctorReport['status'];

/** Worst first, as people read it. */
const ORDER: readonly DoctorStatus[] = ['failed', 'unknown', 'warning', 'ok'];

const useStyles = namedStyles('InstallationCheck', theme => ({
  root: {
    maxWidth: 960,
    padding: theme.spacing(3),
    borderRadius: theme.shape.borderRadius,
    // On the page's own background secondary text has too little contrast.
    backgroundColor: theme.palette.background.paper,
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(2) },
  },
  headline: { flex: '1 1 12em' },
  title: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(0, 2),
    fontWeight: 700,
    marginBottom: theme.spacing(0.5),
  },
  line: { overflowWrap: 'anywhere' },
  fine: { color: theme.palette.text.secondary },
}));

/** Findings of the doctor about this installation, for operators of the portal. */
export function InstallationCheck() {
  const classes = useStyles();
  const t = useTexts();
  const { report, runAgain } = useDoctorReport();

  const running = isRefreshing(report);
  const failed = (message: string) => t('installation.failed', { message });
  return (
    <Stack gap={3} className={classes.root}>
      <LoadedView
        of={report}
        loading={t('installation.loading')}
        failed={failed}
        refreshFailed={failed}
      >
        {data => (
          <>
            <Row gap={2}>
              <div role="status" className={classes.headline}>
                <Typography variant="h6" component="h2">
                  <Headline report={data} />
                </Typography>
                <Typography variant="body2" color="textSecondary">
                  {t('installation.ran')} <Ago at={data.at} />
                  {' · '}
                  {t('installation.version', { version: data.version })}
                </Typography>
              </div>
              <Button
                variant="outlined"
                onClick={running ? undefined : runAgain}
                aria-disabled={running}
              >
                {t(running ? 'installation.running' : 'installation.again')}
              </Button>
            </Row>
            {worstFirst(data.checks).map(check => (
              <Check key={check.id} check={check} />
            ))}
          </>
        )}
      </LoadedView>
    </Stack>
  );
}

function Headline({ report }: { report: DoctorReport }) {
  const t = useTexts();
  const { status, checks } = report;
  return (
    <Status statusStyle={doctorStyles[status]}>
      {t(`installation.headline.${status}`, {
        count: checks.filter(check => check.status === status).length,
      })}
    </Status>
  );
}

function Check({ check }: { check: DoctorCheck }) {
  const classes = useStyles();
  const t = useTexts();
  const titleId = useId();
  return (
    <section aria-labelledby={titleId}>
      <Typography
        id={titleId}
        variant="subtitle1"
        component="h3"
        className={classes.title}
      >
        {check.title}
        <Status statusStyle={doctorStyles[check.status]}>
          {t(`installation.status.${check.status}`)}
        </Status>
      </Typography>
      <Stack component="ul">
        {worstFirst(check.lines).map(({ status, message, remedy }) => (
          <Typography
            key={`${status} ${message}`}
            variant="body2"
            component="li"
            className={`${classes.line} ${status === 'ok' ? classes.fine : ''}`}
          >
            {status === 'ok' ? (
              message
            ) : (
              <Note statusStyle={doctorStyles[status]}>
                <div>{message}</div>
                {remedy && <div>{t('remedy', { remedy })}</div>}
              </Note>
            )}
          </Typography>
        ))}
      </Stack>
    </section>
  );
}

function worstFirst<T extends { status: DoctorStatus }>(
  items: readonly T[],
): T[] {
  return [...items].sort(
    (a, b) => ORDER.indexOf(a.status) - ORDER.indexOf(b.status),
  );
}
