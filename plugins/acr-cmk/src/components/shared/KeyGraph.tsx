import type { Theme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import CloudIcon from '@material-ui/icons/CloudQueue';
import GroupIcon from '@material-ui/icons/Group';
import MemoryIcon from '@material-ui/icons/Memory';
import MoreHorizIcon from '@material-ui/icons/MoreHoriz';
import RemoveIcon from '@material-ui/icons/Remove';
import StorageIcon from '@material-ui/icons/Storage';
import VpnKeyIcon from '@material-ui/icons/VpnKey';
import type { PlanEffect } from 'backstage-plugin-acr-cmk-common';
import { useId, useMemo, useState, type ReactNode } from 'react';
import { useTexts } from '../../translations/ref';
import { EntityName } from './EntityName';
import { ForScreenReaders } from './ForScreenReaders';
import { joined } from './joined';
import {
  childrenOf,
  columnsOf,
  EFFECTS,
  gravestOf,
  rowsOf,
  type GraphColumn,
  type GraphLink,
  type GraphNode,
} from './keyGraphLayout';
import { RouteLink } from './RouteLink';
import { Row, Stack } from './Stack';
import {
  checkStyles,
  severityStyles,
  Status,
  useToneStyles,
  type StatusStyle,
} from './statusStyles';
import { focusRing, namedStyles } from './styles';
import { useFirst } from './useFirst';

// Sizes of the graph, in pixels.
const NODE_HEIGHT = 44;
const ROW_HEIGHT = NODE_HEIGHT + 8;
const MOST_COLUMN_WIDTH = 300;
/** Space between two columns, in widths of a column. */
const GAP = 0.25;

/** Number of names and of nodes in a list before the number of the others. */
const FIRST_SHOWN = 10;

const KIND_ICONS: Record<GraphNode['kind'], StatusStyle['Icon']> = {
  key: VpnKeyIcon,
  registry: StorageIcon,
  service: CloudIcon,
  component: MemoryIcon,
  team: GroupIcon,
};

const EFFECT_STYLES: Record<PlanEffect, StatusStyle> = {
  'loses-key': checkStyles.fail,
  'not-known': checkStyles.unknown,
  'gets-key-back': checkStyles.pass,
  moves: severityStyles.info,
  stays: { tone: 'neutral', Icon: RemoveIcon },
};

const toneOf = (effect: PlanEffect | undefined) =>
  effect ? EFFECT_STYLES[effect].tone : 'neutral';

const styleOf = ({ effect, kind }: GraphNode): StatusStyle =>
  effect ? EFFECT_STYLES[effect] : { tone: 'neutral', Icon: KIND_ICONS[kind] };

const useStyles = namedStyles('KeyGraph', theme => ({
  graph: { position: 'relative' },
  lines: {
    position: 'absolute',
    inset: 0,
    width: '100%',
    height: '100%',
    fill: 'none',
    strokeWidth: 1.5,
  },
  line: { stroke: 'currentColor', vectorEffect: 'non-scaling-stroke' },
  column: { position: 'absolute', top: 0, bottom: 0, overflow: 'visible' },
  columnNodes: { listStyle: 'none', margin: 0, padding: 0 },
  node: {
    position: 'absolute',
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    width: '100%',
    height: NODE_HEIGHT,
    padding: theme.spacing(0, 1),
    border: `1px solid ${theme.palette.divider}`,
    borderLeft: '4px solid currentColor',
    borderRadius: theme.shape.borderRadius,
    backgroundColor: theme.palette.background.paper,
  },
  text: {
    minWidth: 0,
    lineHeight: 1.3,
    color: theme.palette.text.primary,
    '& > *': {
      display: 'block',
      overflow: 'hidden',
      textOverflow: 'ellipsis',
      whiteSpace: 'nowrap',
    },
    '& a, & button': focusRing,
  },
  more: {
    padding: 0,
    border: 'none',
    background: 'none',
    font: 'inherit',
    color:
      theme.palette.primary[theme.palette.type === 'dark' ? 'light' : 'main'],
    cursor: 'pointer',
    textAlign: 'left',
  },
  nested: {
    borderLeft: `1px solid ${theme.palette.divider}`,
    marginLeft: theme.spacing(1),
    paddingLeft: theme.spacing(1.5),
  },
}));

/**
 * The key, registries and other services that use it, their entities and owners, from left to right. A list where
 * there is no room.
 */
export function KeyGraph(props: {
  label: string;
  nodes: readonly GraphNode[];
  links: readonly GraphLink[];
}) {
  const { label, nodes, links } = props;
  const t = useTexts();
  const narrow = useMediaQuery((theme: Theme) => theme.breakpoints.down('sm'), {
    noSsr: true,
  });
  const effects = EFFECTS.filter(effect =>
    nodes.some(node => node.effect === effect),
  );
  return (
    <Stack role="group" aria-label={label}>
      {narrow ? (
        <NestedList
          nodes={nodes.filter(({ id }) => !links.some(({ to }) => to === id))}
          of={props}
        />
      ) : (
        <Columns nodes={nodes} links={links} />
      )}
      {effects.length > 0 && (
        <Row component="ul" gap={2}>
          {effects.map(effect => (
            <Typography key={effect} component="li" variant="caption">
              <Status statusStyle={EFFECT_STYLES[effect]}>
                {t(`graph.effect.${effect}`)}
              </Status>
            </Typography>
          ))}
        </Row>
      )}
    </Stack>
  );
}

interface Graph {
  nodes: readonly GraphNode[];
  links: readonly GraphLink[];
}

function Columns(props: Graph) {
  const { nodes, links } = props;
  const classes = useStyles();
  const tones = useToneStyles();
  const t = useTexts();
  const listId = useId();
  const [opened, setOpened] = useState<string>();
  const { columns, lines } = useMemo(
    () => columnsOf(nodes, links),
    [nodes, links],
  );
  const below = useMemo(() => childrenOf(nodes, links), [nodes, links]);
  const rows = Math.max(...columns.map(rowsOf));
  const height = rows * ROW_HEIGHT;
  const width = 100 / (columns.length + GAP * (columns.length - 1));
  const leftOf = (index: number) => index * width * (1 + GAP);
  /** Distance of a row from the top: columns are centred. */
  const topOf = (column: GraphColumn, row: number) =>
    ((rows - rowsOf(column)) / 2 + row) * ROW_HEIGHT;
  const rest = columns.find(({ id }) => id === opened)?.rest ?? [];
  return (
    <>
      <div style={{ maxWidth: columns.length * MOST_COLUMN_WIDTH }}>
        <Row gap={0} aria-hidden>
          {columns.map(({ id }, index) => (
            <Typography
              key={id}
              variant="caption"
              color="textSecondary"
              style={{
                width: `${index ? width * (1 + GAP) : width}%`,
                paddingLeft: index ? `${width * GAP}%` : 0,
              }}
            >
              {t(`graph.column.${id}`)}
            </Typography>
          ))}
        </Row>
        <div className={classes.graph} style={{ height }}>
          <svg
            aria-hidden
            className={classes.lines}
            viewBox={`0 0 100 ${height}`}
            preserveAspectRatio="none"
          >
            {lines.map(({ from, to, effect }) => {
              const [x1, x2] = [leftOf(from.column) + width, leftOf(to.column)];
              const [y1, y2] = [from, to].map(
                ({ column, row }) =>
                  topOf(columns[column], row) + NODE_HEIGHT / 2,
              );
              const middle = (x1 + x2) / 2;
              return (
                <path
                  key={`${x1} ${y1} ${x2} ${y2}`}
                  className={`${classes.line} ${tones[toneOf(effect)]}`}
                  d={`M ${x1} ${y1} C ${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`}
                />
              );
            })}
          </svg>
          {columns.map((column, index) => (
            <div
              key={column.id}
              className={classes.column}
              style={{ left: `${leftOf(index)}%`, width: `${width}%` }}
            >
              <ul
                aria-label={t(`graph.column.${column.id}`)}
                className={classes.columnNodes}
              >
                {column.shown.map((node, row) => (
                  <Box
                    key={node.id}
                    statusStyle={styleOf(node)}
                    top={topOf(column, row)}
                  >
                    <NodeText of={node} />
                    <Leading to={below(node.id)} />
                  </Box>
                ))}
                {column.rest.length > 0 && (
                  <Box
                    statusStyle={{
                      tone: toneOf(gravestOf(column.rest)),
                      Icon: MoreHorizIcon,
                    }}
                    top={topOf(column, column.shown.length)}
                  >
                    <Rest
                      of={column}
                      listId={listId}
                      open={opened === column.id}
                      onToggle={open => setOpened(open ? column.id : undefined)}
                    />
                  </Box>
                )}
              </ul>
            </div>
          ))}
        </div>
      </div>
      {rest.length > 0 && (
        <div id={listId}>
          <NestedList nodes={rest} of={props} />
        </div>
      )}
    </>
  );
}

/** Frame of a node, or of those that have no room. */
function Box(props: {
  statusStyle: StatusStyle;
  top: number;
  children: ReactNode;
}) {
  const { top } = props;
  const classes = useStyles();
  const { Icon, tone } = props.statusStyle;
  const tones = useToneStyles();
  return (
    <li className={`${classes.node} ${tones[tone]}`} style={{ top }}>
      <Icon fontSize="small" />
      <Typography component="div" variant="body2" className={classes.text}>
        {props.children}
      </Typography>
    </li>
  );
}

/** Name of a node, a link where there is a page about it; below, its effect and facts. */
function NodeText({ of: node }: { of: GraphNode }) {
  const { label, detail, entityRef, to } = node;
  const name = to ? <RouteLink to={to}>{label}</RouteLink> : label;
  return (
    <>
      <span title={label}>
        {entityRef ? <EntityName entityRef={entityRef} /> : name}
      </span>
      {detail && (
        <Typography
          component="span"
          variant="caption"
          color="textSecondary"
          title={detail}
        >
          {detail}
        </Typography>
      )}
    </>
  );
}

/** Names of what a node leads to, for who does not see the lines. */
function Leading({ to }: { to: readonly GraphNode[] }) {
  const t = useTexts();
  if (to.length === 0) return null;
  const names = to.slice(0, FIRST_SHOWN).map(({ label }) => label);
  const left = to.length - names.length;
  if (left > 0) names.push(t('graph.more', { count: left }));
  return (
    <ForScreenReaders>
      {t('graph.leadsTo', { names: names.join(', ') })}
    </ForScreenReaders>
  );
}

/** Number of the nodes without room, by effect, and the button that lists them. */
function Rest(props: {
  of: GraphColumn;
  listId: string;
  open: boolean;
  onToggle(open: boolean): void;
}) {
  const { listId, open } = props;
  const { id, rest: nodes } = props.of;
  const classes = useStyles();
  const t = useTexts();
  const numbers = EFFECTS.map(effect => {
    const count = nodes.filter(node => node.effect === effect).length;
    return count > 0 && `${t(`graph.effect.${effect}`)}: ${count}`;
  });
  return (
    <>
      <button
        type="button"
        className={classes.more}
        // Two columns may have as many.
        aria-label={joined([
          t('graph.more', { count: nodes.length }),
          t(`graph.column.${id}`),
        ])}
        aria-expanded={open}
        aria-controls={open ? listId : undefined}
        onClick={() => props.onToggle(!open)}
      >
        {t('graph.more', { count: nodes.length })}
      </button>
      <Typography component="span" variant="caption" color="textSecondary">
        {joined(numbers)}
      </Typography>
    </>
  );
}

/** A node in a list. */
function Line({ of: node }: { of: GraphNode }) {
  return (
    <Typography component="div" variant="body2">
      <Status statusStyle={styleOf(node)}>
        <span style={{ display: 'grid', fontWeight: 400 }}>
          <NodeText of={node} />
        </span>
      </Status>
    </Typography>
  );
}

/** Nodes with those that they lead to below them. */
function NestedList(props: { nodes: readonly GraphNode[]; of: Graph }) {
  const { nodes, of } = props;
  const classes = useStyles();
  const { shown, more } = useFirst(nodes, FIRST_SHOWN);
  const below = useMemo(() => childrenOf(of.nodes, of.links), [of]);
  return (
    <>
      <Stack component="ul">
        {shown.map(node => (
          <li key={node.id}>
            <Line of={node} />
            {below(node.id).length > 0 && (
              <div className={classes.nested}>
                <NestedList nodes={below(node.id)} of={of} />
              </div>
            )}
          </li>
        ))}
      </Stack>
      {more}
    </>
  );
}
