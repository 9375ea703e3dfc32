import { parseEntityRef } from '@backstage/catalog-model';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { humanizeEntityRef } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { makeStyles } from '@material-ui/core/styles';
import type {
  FleetSeverity,
  FleetSummary,
  VersionMode,
} from 'backstage-plugin-acr-cmk-common';
import {
  type ReactNode,
  type RefObject,
  useEffect,
  useRef,
  useState,
} from 'react';
import useDebounce from 'react-use/esm/useDebounce';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { SelectField } from '../shared/SelectField';
import { TextInput } from '../shared/TextInput';
import { changed, cleared, isFiltered, type FleetSearch } from './fleetSearch';

/** A pause in typing that counts as the end of a word, in milliseconds. */
const PAUSE_MS = 300;

const useStyles = makeStyles(
  theme => ({
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
    buttons: {
      '$line > &': { flex: '0 1 auto' },
      display: 'flex',
      flexWrap: 'wrap',
      alignItems: 'center',
      gap: theme.spacing(0.5),
    },
  }),
  { name: 'AcrCmkFleetFilters' },
);

/** Filters behind "More filters". */
const MORE = ['mode', 'subscription', 'unbound', 'expiresBefore'] as const;

/** Filters of the list other than the states: a line of those that most people use, and the others on request. */
export function FleetFilters(props: {
  search: FleetSearch;
  /** Values to choose from, counted over all registries that the viewer sees. */
  counts?: FleetSummary['counts'];
  show(next: FleetSearch, options?: { replace: boolean }): void;
  /** Other controls, at the end of the line. */
  children?: ReactNode;
}) {
  const { search, counts, show, children } = props;
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const searchInput = useRef<HTMLInputElement>(null);
  const set = (changes: Partial<FleetSearch>) => show(changed(search, changes));
  const inMore = MORE.filter(name => search[name] !== undefined).length;
  const [wanted, setWanted] = useState<boolean>();
  const isOpen = wanted ?? inMore > 0;
  return (
    <div className={classes.root}>
      <div className={classes.line}>
        <div className={classes.search}>
          <SearchField
            inputRef={searchInput}
            value={search.search ?? ''}
            onChange={text =>
              show(changed(search, { search: text || undefined }), {
                replace: true,
              })
            }
          />
        </div>
        <SeverityChoice
          value={search.severity}
          onChange={severity => set({ severity })}
        />
        <ChoiceOf
          label={t('filter.owner')}
          value={search.owner}
          counts={counts?.owner}
          textOf={owner =>
            humanizeEntityRef(parseEntityRef(owner), { defaultKind: 'group' })
          }
          onChange={owner => set({ owner })}
        />
        <ChoiceOf
          label={t('filter.vault')}
          value={search.vault}
          counts={counts?.vault}
          onChange={vault => set({ vault, key: undefined })}
        />
        <div className={classes.buttons}>
          <Button
            size="small"
            aria-expanded={isOpen}
            onClick={() => setWanted(!isOpen)}
          >
            {inMore > 0
              ? t('filter.moreOn', { count: inMore })
              : t('filter.more')}
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
        </div>
      </div>
      {isOpen && (
        <div className={classes.line}>
          <SelectField
            label={t('filter.mode')}
            value={search.mode ?? ''}
            options={[
              { value: '', text: t('filter.any') },
              { value: 'automatic', text: t('mode.automatic') },
              { value: 'manual', text: t('mode.manual') },
            ]}
            onChange={mode => set({ mode: (mode || undefined) as VersionMode })}
          />
          <ChoiceOf
            label={t('filter.subscription')}
            value={search.subscription}
            counts={counts?.subscription}
            onChange={subscription => set({ subscription })}
          />
          <SelectField
            label={t('filter.entity')}
            value={search.unbound === undefined ? '' : String(search.unbound)}
            options={[
              { value: '', text: t('filter.any') },
              { value: 'false', text: t('filter.bound') },
              { value: 'true', text: t('filter.unbound') },
            ]}
            onChange={value =>
              set({ unbound: value === '' ? undefined : value === 'true' })
            }
          />
          <TextInput
            type="date"
            label={t('filter.expiresBefore')}
            value={search.expiresBefore?.slice(0, 10) ?? ''}
            onChange={event =>
              set({ expiresBefore: event.target.value || undefined })
            }
          />
        </div>
      )}
    </div>
  );
}

/** Severity of the worst finding. Links may name any set of severities. */
function SeverityChoice(props: {
  value: FleetSearch['severity'];
  onChange(severity: FleetSearch['severity']): void;
}) {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const value = props.value?.join() ?? '';
  const offered = ['error,warning', 'error', 'warning', 'info', 'none'];
  const textOf = (severities: string) =>
    severities === 'error,warning'
      ? t('severity.attention')
      : (severities.split(',') as FleetSeverity[])
          .map(severity => t(`severity.${severity}`))
          .join(', ');
  return (
    <SelectField
      label={t('filter.severity')}
      value={value}
      options={[
        { value: '', text: t('filter.any') },
        ...[
          ...offered,
          ...(value === '' || offered.includes(value) ? [] : [value]),
        ].map(each => ({ value: each, text: textOf(each) })),
      ]}
      onChange={chosen =>
        props.onChange(
          chosen === '' ? undefined : (chosen.split(',') as FleetSeverity[]),
        )
      }
    />
  );
}

/** Selection of one of the values, each with its number of registries. */
function ChoiceOf(props: {
  label: string;
  value?: string;
  counts?: { value: string; count: number }[];
  /** Text for a value. Default: the value. */
  textOf?(value: string): string;
  onChange(value: string | undefined): void;
}) {
  const { value = '', counts = [], textOf = text => text } = props;
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const isKnown = value === '' || counts.some(one => one.value === value);
  return (
    <SelectField
      label={props.label}
      value={value}
      options={[
        { value: '', text: t('filter.any') },
        ...(isKnown ? [] : [{ value, text: value }]),
        ...counts.map(one => ({
          value: one.value,
          text: `${textOf(one.value)} (${one.count})`,
        })),
      ]}
      onChange={chosen => props.onChange(chosen || undefined)}
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
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
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
      onChange={event => setTyped(event.target.value)}
    />
  );
}
