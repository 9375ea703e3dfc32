import type { Freshness } from 'backstage-plugin-acr-cmk-common';
import { useCardTexts } from '../../translations/card';
import { duration } from './relativeTime';
import { Ago, useLocale } from './Time';

/** Time when facts were read, and by how much their source may lag behind Azure. */
export function ReadAt(props: {
  freshness: Pick<Freshness, 'observedAt' | 'lagSeconds'>;
}) {
  const t = useCardTexts();
  const locale = useLocale();
  const { observedAt, lagSeconds } = props.freshness;
  return (
    <>
      <Ago at={observedAt} />
      {lagSeconds !== undefined &&
        ` ${t('head.mayLag', { time: duration(lagSeconds, locale) })}`}
    </>
  );
}
