import { useTheme } from '@material-ui/core/styles';
import type { FleetExpiries } from 'backstage-plugin-acr-cmk-common';
import { useFleetTexts } from '../../translations/fleet';
import { joined } from '../shared/joined';
import { namedStyles, plainList } from '../shared/styles';
import { useLocale, utcDayInWords } from '../shared/Time';

type Week = FleetExpiries['weeks'][number];

const HEIGHT = 120;
const FOOT = 24;
const BAR = 14;
const GAP = 18;
const WEEK = 2 * BAR + GAP;
/** So many weeks from one label to the next: labels never meet. */
const LABEL_EVERY = 4;

const useStyles = namedStyles('WeeksChart', theme => ({
  scroll: { overflowX: 'auto' },
  label: {
    fill: theme.palette.text.secondary,
    fontFamily: theme.typography.fontFamily,
    fontSize: 11,
  },
  count: {
    fill: theme.palette.text.primary,
    fontFamily: theme.typography.fontFamily,
    fontSize: 11,
  },
  axis: { stroke: theme.palette.divider },
  legend: {
    ...theme.typography.body2,
    display: 'flex',
    flexWrap: 'wrap',
    gap: theme.spacing(2),
    ...plainList,
  },
  swatch: {
    display: 'inline-block',
    width: 12,
    height: 12,
    marginRight: theme.spacing(0.5),
  },
}));

/** Two bars for each week. The same numbers are in the table below it. */
export function WeeksChart({ weeks }: { weeks: readonly Week[] }) {
  const classes = useStyles();
  const { palette } = useTheme();
  const locale = useLocale();
  const t = useFleetTexts();
  const shade = palette.type === 'dark' ? 'light' : 'dark';
  const colours = {
    expiries: palette.error[shade],
    rotations: palette.info[shade],
  };
  const most = Math.max(
    1,
    ...weeks.flatMap(({ expiries, rotations }) => [expiries, rotations]),
  );
  const day = ({ start }: Week) => utcDayInWords(start, locale);
  return (
    <figure aria-label={t('calendar.title')} style={{ margin: 0 }}>
      <ul className={classes.legend}>
        {(['expiries', 'rotations'] as const).map(kind => (
          <li key={kind}>
            <span
              className={classes.swatch}
              style={{ backgroundColor: colours[kind] }}
            />
            {t(`calendar.legend.${kind}`)}
          </li>
        ))}
      </ul>
      <div
        className={classes.scroll}
        // A chart that scrolls has to be reachable by keyboard.
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        role="group"
        aria-label={t('calendar.title')}
      >
        <svg
          role="img"
          aria-label={joined(
            weeks.map((week, index) =>
              week.expiries + week.rotations > 0
                ? [
                    t(index === 0 ? 'calendar.firstWeek' : 'calendar.week', {
                      day: day(week),
                    }),
                    t('calendar.expiries', { count: week.expiries }),
                    t('calendar.rotations', { count: week.rotations }),
                  ].join(', ')
                : '',
            ),
            '; ',
          )}
          width={weeks.length * WEEK + GAP}
          height={HEIGHT + FOOT}
        >
          <line
            x1={0}
            x2={weeks.length * WEEK + GAP}
            y1={HEIGHT}
            y2={HEIGHT}
            className={classes.axis}
          />
          {weeks.map((week, index) => {
            const x = GAP / 2 + index * WEEK;
            return (
              <g key={week.start}>
                <title>{day(week)}</title>
                {(['expiries', 'rotations'] as const).map((kind, place) => {
                  const height = (week[kind] / most) * (HEIGHT - 20);
                  return week[kind] > 0 ? (
                    <g key={kind}>
                      <rect
                        x={x + place * BAR}
                        y={HEIGHT - height}
                        width={BAR - 2}
                        height={height}
                        fill={colours[kind]}
                      />
                      <text
                        x={x + place * BAR + (BAR - 2) / 2}
                        y={HEIGHT - height - 4}
                        textAnchor="middle"
                        className={classes.count}
                      >
                        {week[kind]}
                      </text>
                    </g>
                  ) : null;
                })}
                {index % LABEL_EVERY === 0 && index + 2 < weeks.length && (
                  <text x={x} y={HEIGHT + 16} className={classes.label}>
                    {index === 0 ? `< ${day(weeks[1])}` : day(week)}
                  </text>
                )}
              </g>
            );
          })}
        </svg>
      </div>
    </figure>
  );
}
