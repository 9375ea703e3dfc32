import Button from '@material-ui/core/Button';
import { useTexts } from '../../translations/ref';
import { DataTable, type Column } from '../shared/DataTable';
import { joined } from '../shared/joined';
import { Copyable } from '../shared/layout';
import { shortVersion } from '../shared/shortVersion';
import { Day } from '../shared/Time';
import { useFirst } from '../shared/useFirst';
import type { Timeline, TimelineVersion } from './timeline';

/** Number of rows shown before **More**: a row costs time, and a key can have hundreds. */
export const FIRST_SHOWN = 25;

/** The chart as a table, latest version first. */
export function VersionTable(props: {
  timeline: Timeline;
  registryName: string;
  onUse?(version: string): void;
}) {
  const { registryName, onUse } = props;
  const t = useTexts();
  const versions = [...props.timeline.versions].reverse();
  const { shown, more } = useFirst(versions, FIRST_SHOWN);
  const columns: Column<TimelineVersion>[] = [
    {
      title: t('key.version'),
      width: 20,
      cell: ({ version }) => (
        <Copyable text={version} name={t('key.version')} />
      ),
    },
    {
      title: t('timeline.status'),
      width: 10,
      cell: ({ status, latest }) =>
        joined([t(`timeline.is.${status}`), latest && t('timeline.isLatest')]),
    },
    {
      title: t('timeline.created'),
      width: 8,
      cell: ({ created }) => <Day at={created} />,
    },
    {
      title: t('timeline.expires'),
      width: 8,
      cell: ({ expires }) =>
        expires ? <Day at={expires} inUtc /> : t('key.neverExpires'),
    },
    {
      title: t('timeline.usedBy'),
      width: 14,
      cell: ({ version, status, inUse, others }) => (
        <>
          {[...(inUse ? [registryName] : []), ...others].join(', ')}
          {onUse && !inUse && status === 'enabled' && (
            <div>
              <Button
                size="small"
                variant="outlined"
                aria-label={t('timeline.useNamed', {
                  version: shortVersion(version),
                })}
                onClick={() => onUse(version)}
              >
                {t('timeline.use')}
              </Button>
            </div>
          )}
        </>
      ),
    },
  ];
  return (
    <>
      <DataTable
        wraps
        label={t('timeline.title')}
        columns={columns}
        items={shown}
        keyOf={({ version }) => version}
      />
      {more}
    </>
  );
}
