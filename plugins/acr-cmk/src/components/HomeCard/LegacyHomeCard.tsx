import { HomeCard } from './HomeCard';

/** For the old frontend system, where an app says where its pages are. */
export function LegacyHomeCard({
  pagePath = '/acr-cmk',
}: {
  pagePath?: string;
}) {
  return <HomeCard pagePath={pagePath} />;
}
