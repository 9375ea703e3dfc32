import type { ReactNode } from 'react';
import { useTexts } from '../../translations/ref';
import { Row } from '../shared/Stack';
import { shortVersion } from '../shared/shortVersion';
import { namedStyles } from '../shared/styles';
import { dayInWords, timeInWords, useLocale } from '../shared/Time';
import {
  anchorOf,
  VERSION_STATUSES,
  type LabelAnchor,
  type OthersGroup,
  type Timeline,
  type VersionStatus,
} from './timeline';

const useStyles = namedStyles('TimelineChart', theme => {
  const shade = theme.palette.type === 'dark' ? 'light' : 'dark';
  return {
    svg: {
      display: 'block',
      width: '100%',
      overflow: 'visible',
      fontFamily: theme.typography.fontFamily,
      fontSize: theme.typography.pxToRem(12),
      fill: theme.palette.text.primary,
    },
    axis: { stroke: theme.palette.text.secondary, strokeWidth: 1 },
    quiet: { fill: theme.palette.text.secondary },
    now: { stroke: theme.palette.text.secondary, strokeDasharray: '3 3' },
    behind: { fill: theme.palette.warning[shade], fillOpacity: 0.25 },
    full: { fill: theme.palette.info[shade] },
    hollow: {
      fill: theme.palette.background.paper,
      stroke: theme.palette.text.secondary,
      strokeWidth: 1.5,
    },
    latest: {
      fill: 'none',
      stroke: theme.palette.info[shade],
      strokeWidth: 1.5,
    },
    marker: { fill: theme.palette.text.primary },
    legend: {
      fontSize: theme.typography.pxToRem(12),
      color: theme.palette.text.secondary,
      marginBottom: theme.spacing(0.5),
    },
    expiry: { stroke: theme.palette.error[shade], strokeWidth: 2 },
  };
});

// Rows of the chart, in pixels from its top.
const NOW_ROW = 12;
const LATEST_ROW = 32;
const AXIS_ROW = 52;
const MARKER_ROW = 66;
const MARKER_TEXT_ROW = 90;
const EXPIRY_TEXT_ROW = 108;
const OTHERS_ROW = 130;
const DATES_ROW = 150;
const HEIGHT = 158;

/** A group that reaches the right end and begins before this place has its label below. */
const WIDE_GROUP_START = 45;

/** Length below which the axis shows times instead of dates. */
const SHORT_AXIS_MS = 2 * 24 * 3_600_000;

/** Number of versions above which the dots are small, so that they do not overlap. */
const CROWDED = 40;

/**
 * All places along the axis are percentages: the chart fits every width, and its text keeps its
 * size.
 */
export function TimelineChart(props: {
  timeline: Timeline;
  registryName: string;
  description: string;
  /** Width of a label, in percent of the axis. */
  labelWidth: number;
}) {
  const { timeline, registryName, labelWidth } = props;
  const classes = useStyles();
  const t = useTexts();
  const locale = useLocale();
  const { versions, inUse, latest, newer, now, expires } = timeline;
  const size = versions.length > CROWDED ? 2.5 : 5;
  // On the axis of a key of today both ends have the same date, so they say the time.
  const isShort = timeline.to - timeline.from < SHORT_AXIS_MS;
  const moment = (time: number) =>
    isShort ? timeInWords(time, locale) : dayInWords(time, locale);
  return (
    <svg
      className={classes.svg}
      height={HEIGHT}
      role="img"
      aria-label={props.description}
    >
      {inUse && latest && newer > 0 && (
        <rect
          className={classes.behind}
          x={`${inUse.at}%`}
          width={`${Math.max(latest.at - inUse.at, 0)}%`}
          y={AXIS_ROW - 8}
          height={16}
        />
      )}
      <line
        className={classes.axis}
        x1="0%"
        x2="100%"
        y1={AXIS_ROW}
        y2={AXIS_ROW}
      />
      <Line
        className={classes.now}
        at={now}
        from={NOW_ROW + 4}
        to={AXIS_ROW + 9}
      />
      <Label
        at={now}
        y={NOW_ROW}
        anchor={anchorOf(now, labelWidth)}
        className={classes.quiet}
      >
        {t('timeline.now')}
      </Label>
      {expires !== undefined && (
        <>
          <Line
            className={classes.expiry}
            at={expires}
            from={AXIS_ROW - 9}
            to={EXPIRY_TEXT_ROW - 12}
          />
          <Label
            at={expires}
            y={EXPIRY_TEXT_ROW}
            anchor={anchorOf(expires, labelWidth)}
          >
            {t(expires < now ? 'timeline.is.expired' : 'timeline.expires')}
          </Label>
        </>
      )}
      {versions.map(version => (
        <At key={version.version} place={version.at} y={AXIS_ROW}>
          <Shape status={version.status} size={size} />
        </At>
      ))}
      {latest && (
        <>
          <circle
            className={classes.latest}
            cx={`${latest.at}%`}
            cy={AXIS_ROW}
            r={size + 3}
          />
          <Label
            at={latest.at}
            y={LATEST_ROW}
            anchor={anchorOf(latest.at, labelWidth, [0, now])}
          >
            {t('timeline.latest', { version: shortVersion(latest.version) })}
          </Label>
        </>
      )}
      {inUse && (
        <>
          <At place={inUse.at} y={MARKER_ROW}>
            <path className={classes.marker} d="M0 -4 L6 8 L-6 8 Z" />
          </At>
          <Label
            at={inUse.at}
            y={MARKER_TEXT_ROW}
            anchor={anchorOf(inUse.at, labelWidth, [0, expires ?? 100])}
          >
            {registryName}
          </Label>
        </>
      )}
      {timeline.others.map(group => (
        <OtherRegistries
          key={group.places[0]}
          group={group}
          labelWidth={labelWidth}
        />
      ))}
      <Label at={0} y={DATES_ROW} anchor="start" className={classes.quiet}>
        {moment(timeline.from)}
      </Label>
      <Label at={100} y={DATES_ROW} anchor="end" className={classes.quiet}>
        {moment(timeline.to)}
      </Label>
    </svg>
  );
}

/** Other registries on neighbouring versions, with one label next to their markers. */
function OtherRegistries(props: { group: OthersGroup; labelWidth: number }) {
  const { group, labelWidth } = props;
  const classes = useStyles();
  const t = useTexts();
  const { places, names } = group;
  const last = places[places.length - 1];
  const label = t('timeline.others', { count: names.length });
  const isAtRightEnd = last + labelWidth > 100;
  return (
    <g>
      <title>{names.join(', ')}</title>
      {places.map(place => (
        <At key={place} place={place} y={OTHERS_ROW - 4}>
          <path className={classes.hollow} d="M0 -6 L6 0 L0 6 L-6 0 Z" />
        </At>
      ))}
      {isAtRightEnd && places[0] < WIDE_GROUP_START ? (
        <text x="50%" y={DATES_ROW} textAnchor="middle">
          {label}
        </text>
      ) : (
        <Label
          at={isAtRightEnd ? places[0] : last}
          y={OTHERS_ROW}
          anchor={isAtRightEnd ? 'end' : 'start'}
          besideMarker
        >
          {label}
        </Label>
      )}
    </g>
  );
}

/** A shape for each status, so that none depends on colour. */
function Shape({ status, size }: { status: VersionStatus; size: number }) {
  const classes = useStyles();
  if (status === 'enabled' || status === 'disabled') {
    const shape = status === 'enabled' ? classes.full : classes.hollow;
    return <circle className={shape} r={size} />;
  }
  const path = {
    expired: `M${-size} ${-size} H${size} V${size} H${-size} Z`,
    'not-yet': `M${-size} ${-size} L${size} 0 L${-size} ${size} Z`,
  };
  return <path className={classes.hollow} d={path[status]} />;
}

/** Meaning of the shapes in the chart, when there are several. */
export function Legend({ timeline }: { timeline: Timeline }) {
  const classes = useStyles();
  const t = useTexts();
  const statuses = VERSION_STATUSES.filter(status =>
    timeline.versions.some(version => version.status === status),
  );
  if (statuses.length < 2) return null;
  return (
    <Row gap={2} className={classes.legend} aria-hidden>
      {statuses.map(status => (
        <Row key={status} gap={0.5}>
          <svg width={14} height={14} viewBox="-7 -7 14 14">
            <Shape status={status} size={5} />
          </svg>
          {t(`timeline.is.${status}`)}
        </Row>
      ))}
    </Row>
  );
}

/** A vertical line at a place on the axis. */
function Line(props: {
  className: string;
  at: number;
  from: number;
  to: number;
}) {
  const { className, at, from, to } = props;
  return (
    <line className={className} x1={`${at}%`} x2={`${at}%`} y1={from} y2={to} />
  );
}

/** Moves its children to a place on the axis, which a path cannot say in percent. */
function At(props: { place: number; y: number; children: ReactNode }) {
  return (
    <svg x={`${props.place}%`} y={props.y} overflow="visible">
      {props.children}
    </svg>
  );
}

/** A text at a place on the axis. */
function Label(props: {
  at: number;
  y: number;
  anchor: LabelAnchor;
  className?: string;
  /** Leaves space for the marker at its place. */
  besideMarker?: boolean;
  children: string;
}) {
  const space = props.besideMarker
    ? { start: 10, middle: 0, end: -10 }[props.anchor]
    : 0;
  return (
    <text
      className={props.className}
      x={`${props.at}%`}
      y={props.y}
      dx={space}
      textAnchor={props.anchor}
    >
      {props.children}
    </text>
  );
}
