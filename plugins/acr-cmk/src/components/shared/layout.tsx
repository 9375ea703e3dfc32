import { CopyTextButton } from '@backstage/core-components';
import Button from '@material-ui/core/Button';
import Link from '@material-ui/core/Link';
import Typography from '@material-ui/core/Typography';
import ExpandLessIcon from '@material-ui/icons/ExpandLess';
import ExpandMoreIcon from '@material-ui/icons/ExpandMore';
import OpenInNewIcon from '@material-ui/icons/OpenInNew';
import { useId, useState, type ReactNode } from 'react';
import { useTexts } from '../../translations/ref';
import { ForScreenReaders } from './ForScreenReaders';
import { namedStyles } from './styles';
import { useIsNarrow } from './useIsNarrow';

const useStyles = namedStyles('Layout', theme => ({
  block: { minWidth: 0, alignSelf: 'start' },
  blockTitle: { marginBottom: theme.spacing(1), fontWeight: 700 },
  fold: {
    justifyContent: 'space-between',
    padding: theme.spacing(1, 0),
    font: 'inherit',
    fontWeight: 700,
    letterSpacing: 'inherit',
    textAlign: 'left',
    textTransform: 'none',
  },
  list: {
    display: 'grid',
    gridTemplateColumns: 'minmax(7em, max-content) minmax(0, 1fr)',
    columnGap: theme.spacing(2),
    rowGap: theme.spacing(0.75),
    margin: 0,
    [theme.breakpoints.down('xs')]: { gridTemplateColumns: '1fr', rowGap: 0 },
  },
  term: { color: theme.palette.text.secondary },
  detail: {
    margin: 0,
    minWidth: 0,
    overflowWrap: 'anywhere',
    [theme.breakpoints.down('xs')]: { marginBottom: theme.spacing(1) },
  },
  code: {
    fontFamily: 'Menlo, Consolas, "Liberation Mono", monospace',
    fontSize: '0.875em',
    overflowWrap: 'anywhere',
  },
  copyable: {
    display: 'inline-flex',
    alignItems: 'center',
    maxWidth: '100%',
    // There are many of these, so they stay small, and add nothing to the height of a line.
    '& button': { flexShrink: 0, margin: theme.spacing(-1, 0) },
    '& svg': { width: 14, height: 14 },
  },
  external: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    '& svg': { fontSize: '1em' },
  },
}));

/** A titled part of a registry's section. */
export function Block({
  title,
  folds = false,
  children,
}: {
  title: string;
  /** On a phone its title alone is shown, until it is pressed. */
  folds?: boolean;
  children: ReactNode;
}) {
  const classes = useStyles();
  const titleId = useId();
  const narrow = useIsNarrow();
  const [unfolded, setUnfolded] = useState(false);
  const isFolded = folds && narrow && !unfolded;
  return (
    <div role="group" aria-labelledby={titleId} className={classes.block}>
      <Typography
        id={titleId}
        variant="subtitle1"
        component="h3"
        className={isFolded ? undefined : classes.blockTitle}
      >
        {folds && narrow ? (
          <Button
            fullWidth
            className={classes.fold}
            aria-expanded={!isFolded}
            onClick={() => setUnfolded(isFolded)}
            endIcon={isFolded ? <ExpandMoreIcon /> : <ExpandLessIcon />}
          >
            {title}
          </Button>
        ) : (
          title
        )}
      </Typography>
      {!isFolded && children}
    </div>
  );
}

/** Names with their values. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={useStyles().list}>{children}</dl>;
}

/** A name with its value; nothing where there is no value. */
export function Fact(props: { name: string; children: ReactNode }) {
  const { name, children } = props;
  const classes = useStyles();
  if (!children) return null;
  return (
    <>
      <Typography component="dt" variant="body2" className={classes.term}>
        {name}
      </Typography>
      <Typography component="dd" variant="body2" className={classes.detail}>
        {children}
      </Typography>
    </>
  );
}

export function Code({ children }: { children: string }) {
  return <code className={useStyles().code}>{children}</code>;
}

/** A text, or a short form of it, with a button that copies the text. */
export function Copyable(props: {
  text: string;
  name: string;
  short?: string;
}) {
  const { text, name, short = text } = props;
  const classes = useStyles();
  const t = useTexts();
  return (
    <span className={classes.copyable}>
      <Code>{short}</Code>
      <CopyTextButton
        text={text}
        variant="tertiary"
        tooltipText={t('copied')}
        aria-label={t('copy', { name })}
      />
    </span>
  );
}

/** A text that can be copied, with its name; nothing where there is none. */
export function CopyableFact(props: { name: string; text?: string }) {
  const { name, text } = props;
  return (
    <Fact name={name}>{text && <Copyable text={text} name={name} />}</Fact>
  );
}

/** A link that leaves the portal. */
export function ExternalLink({
  href,
  children,
}: {
  href: string;
  children: string;
}) {
  const classes = useStyles();
  const t = useTexts();
  return (
    <Link
      href={href}
      target="_blank"
      rel="noopener noreferrer"
      className={classes.external}
    >
      {children}
      <OpenInNewIcon aria-hidden />
      <ForScreenReaders>{t('opensInNewTab')}</ForScreenReaders>
    </Link>
  );
}
