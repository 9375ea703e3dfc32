import { parseEntityRef } from '@backstage/catalog-model';
import { humanizeEntityRef } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import type {
  FleetSeverity,
  FleetSummary,
} from 'backstage-plugin-acr-cmk-common';
import {
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import useDebounce from 'react-use/esm/useDebounce';
import { useFleetTexts } from '../../translations/fleet';
import { SelectField } from '../shared/SelectField';
import { namedStyles } from '../shared/styles';
import { Row } from '../shared/Stack';
import { TextInput } from '../shared/TextInput';
import { useIsNarrow } from '../shared/useIsNarrow';
import {
  changed,
  cleared,
  filterOf,
  isFiltered,
  type FleetSearch,
} from './fleetSearch';
import type { ShowSearch } from './useFleetSearch';

/** A pause in typing that counts as the end of a word, in milliseconds. */
const PAUSE_MS = 300;

const useStyles = namedStyles('FleetFilters', theme => ({
  root: {
    display: 'grid',
    gap: theme.spacing(1),
    // On the page's own background the usual colour has too little contrast.
    '& label:not(.Mui-focused)': { color: theme.palette.text.primary },
    '& select': { textOverflow: 'ellipsis' },
    '& input, & select': {
      paddingTop: theme.spacing(1),
      paddingBottom: theme.spacing(1),
    },
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
    '& > div': { flex: '1 1 8em', minWidth: 0 },
  },
  search: { '$line > &': { flex: '2 1 14em' } },
  /** One below the other. */
  narrow: { flexDirection: 'column', alignItems: 'stretch' },
  buttons: { '$line > &': { flex: '0 1 auto' } },
}));

/** Filters behind "More filters". */
const MORE = ['mode', 'subscription', 'unbound', 'expiresBefore'] as const;

const ATTENTION = 'error,warning';
const SEVERITIES: readonly string[] = [
  ATTENTION,
  'error',
  'warning',
  'info',
  'none',
];

const severitiesOf = (text: string) => text.split(',') as FleetSeverity[];

const keysOf = <T extends object>(of: T) => Object.keys(of) as (keyof T)[];

/** Filters of the list: a line of those that most people use, and the others on request; on a phone all but the search. */
export function FleetFilters(props: {
  search: FleetSearch;
  /** Values to choose from, counted over all registries that the viewer sees. */
  counts?: FleetSummary['counts'];
  show: ShowSearch;
  /** Filter by state. */
  states?: ReactNode;
  /** Other controls, at the end of the line. */
  children?: ReactNode;
}) {
  const { search, counts, show, states, children } = props;
  const classes = useStyles();
  const t = useFleetTexts();
  const isNarrow = useIsNarrow();
  const searchInput = useRef<HTMLInputElement>(null);
  const set = (changes: Partial<FleetSearch>) => show(changed(search, changes));
  const { search: text, ...filters } = filterOf(search);
  const names = isNarrow ? keysOf(filters) : MORE;
  const folded = names.filter(name => search[name] !== undefined).length;
  const [wanted, setWanted] = useState<boolean>();
  const isOpen = wanted ?? (!isNarrow && folded > 0);
  const field = (
    <div className={classes.search}>
      <SearchField
        inputRef={searchInput}
        value={text ?? ''}
        onChange={typed =>
          show(changed(search, { search: typed || undefined }), {
            replace: true,
          })
        }
      />
    </div>
  );
  const usual = (
    <>
      <Choice
        label={t('filter.severity')}
        value={search.severity?.join()}
        options={SEVERITIES}
        // Links may name any set of severities.
        textOf={severities =>
          severities === ATTENTION
            ? t('severity.attention')
            : severitiesOf(severities)
                .map(severity => t(`severity.${severity}`))
                .join(', ')
        }
        onChange={chosen =>
          set({ severity: chosen ? severitiesOf(chosen) : undefined })
        }
      />
      <CountedChoice
        label={t('filter.owner')}
        value={search.owner}
        counts={counts?.owner}
        textOf={owner =>
          humanizeEntityRef(parseEntityRef(owner), { defaultKind: 'group' })
        }
        onChange={owner => set({ owner })}
      />
      <CountedChoice
        label={t('filter.vault')}
        value={search.vault}
        counts={counts?.vault}
        onChange={vault => set({ vault, key: undefined })}
      />
    </>
  );
  const buttons = (
    <Row gap={0.5} className={classes.buttons}>
      <Button
        size="small"
        variant={isNarrow ? 'outlined' : 'text'}
        aria-expanded={isOpen}
        onClick={() => setWanted(!isOpen)}
      >
        {t(isNarrow ? 'filter.all' : 'filter.more')}
        {folded > 0 && ` (${folded})`}
      </Button>
      {isFiltered(search) && (
        <Button
          size="small"
          onClick={() => {
            // The button goes, and would take the focus with it.
            searchInput.current?.focus();
            show(cleared(search));
          }}
        >
          {t('filter.clear')}
        </Button>
      )}
      {children}
    </Row>
  );
  const others = (
    <>
      <Choice
        label={t('filter.mode')}
        value={search.mode}
        options={['automatic', 'manual'] as const}
        textOf={mode => t(`mode.${mode}`)}
        onChange={mode => set({ mode })}
      />
      <CountedChoice
        label={t('filter.subscription')}
        value={search.subscription}
        counts={counts?.subscription}
        onChange={subscription => set({ subscription })}
      />
      <Choice
        label={t('filter.entity')}
        value={search.unbound === undefined ? undefined : `${search.unbound}`}
        options={['false', 'true'] as const}
        textOf={unbound =>
          t(unbound === 'true' ? 'filter.unbound' : 'filter.bound')
        }
        onChange={unbound => set({ unbound: unbound && unbound === 'true' })}
      />
      <TextInput
        type="date"
        label={t('filter.expiresBefore')}
        value={search.expiresBefore?.slice(0, 10) ?? ''}
        onChange={day => set({ expiresBefore: day || undefined })}
      />
    </>
  );
  if (isNarrow) {
    return (
      <div className={classes.root}>
        {field}
        {buttons}
        {isOpen && (
          <>
            {states}
            <div className={`${classes.line} ${classes.narrow}`}>
              {usual}
              {others}
            </div>
          </>
        )}
      </div>
    );
  }
  return (
    <div className={classes.root}>
      {states}
      <div className={classes.line}>
        {field}
        {usual}
        {buttons}
      </div>
      {isOpen && <div className={classes.line}>{others}</div>}
    </div>
  );
}

/** Choice of one of the values, or of any. */
function Choice<T extends string>(props: {
  label: string;
  value: T | undefined;
  options: readonly T[];
  textOf(value: T): string;
  onChange(value: T | undefined): void;
}) {
  const { value, options, textOf } = props;
  const t = useFleetTexts();
  const isOffered = value === undefined || options.includes(value);
  return (
    <SelectField<T | ''>
      label={props.label}
      value={value ?? ''}
      options={[
        { value: '', text: t('filter.any') },
        ...[...options, ...(isOffered ? [] : [value])].map(each => ({
          value: each,
          text: textOf(each),
        })),
      ]}
      onChange={chosen => props.onChange(chosen || undefined)}
    />
  );
}

/** Choice of a value that registries have, each with their number. */
function CountedChoice(props: {
  label: string;
  value: string | undefined;
  counts: { value: string; count: number }[] | undefined;
  /** Text for a value. Default: the value. */
  textOf?(value: string): string;
  onChange(value: string | undefined): void;
}) {
  const { counts = [], textOf = text => text } = props;
  const countOf = new Map(counts.map(({ value, count }) => [value, count]));
  return (
    <Choice
      {...props}
      options={[...countOf.keys()]}
      textOf={value =>
        countOf.has(value) ? `${textOf(value)} (${countOf.get(value)})` : value
      }
    />
  );
}

/** Search text, applied when typing pauses; a change of the URL (Back, a link) replaces it. */
function SearchField(props: {
  inputRef: RefObject<HTMLInputElement>;
  value: string;
  onChange(text: string): void;
}) {
  const { value, onChange } = props;
  const t = useFleetTexts();
  const [typed, setTyped] = useState(value);
  const asked = useRef(value);
  useEffect(() => {
    if (value === asked.current) return;
    asked.current = value;
    setTyped(value);
  }, [value]);
  useDebounce(
    () => {
      const text = typed.trim();
      if (text === asked.current) return;
      asked.current = text;
      onChange(text);
    },
    PAUSE_MS,
    [typed],
  );
  return (
    <TextInput
      inputRef={props.inputRef}
      type="search"
      label={t('search')}
      placeholder={t('searchHelp')}
      value={typed}
      onChange={setTyped}
    />
  );
}
