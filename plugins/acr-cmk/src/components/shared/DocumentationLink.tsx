import { createApiRef, useApiHolder } from '@backstage/core-plugin-api';
import { routeResolutionApiRef } from '@backstage/frontend-plugin-api';
import {
  documentationUrl,
  type Finding,
} from 'backstage-plugin-acr-cmk-common';
import useAsync from 'react-use/esm/useAsync';
import { docsRouteRef } from '../../routes';
import { useTexts } from '../../translations/ref';
import { ExternalLink } from './layout';
import { RouteLink } from './RouteLink';

/** The entity of `catalog-info.yaml`, whose TechDocs are the pages of `docs`. */
const DOCUMENTED = { namespace: 'default', kind: 'system', name: 'acr-cmk' };

/** The part of TechDocs' client that tells whether it has a site. */
export interface TechDocs {
  getTechDocsMetadata(entity: typeof DOCUMENTED): Promise<unknown>;
}

/** TechDocs' client, by its id: portals without TechDocs have none. */
export const techDocsApiRef = createApiRef<TechDocs>({
  id: 'plugin.techdocs.service',
});

/** Answers of TechDocs: a page has many links, and one question is enough. */
const answers = new WeakMap<TechDocs, Promise<boolean>>();

function isPublished(techDocs: TechDocs): Promise<boolean> {
  const known =
    answers.get(techDocs) ??
    techDocs.getTechDocsMetadata(DOCUMENTED).then(
      () => true,
      () => false,
    );
  answers.set(techDocs, known);
  return known;
}

/** Path of the documentation in this portal. Undefined where TechDocs does not have it. */
function useDocsPath(): string | undefined {
  const apis = useApiHolder();
  const techDocs = apis.get(techDocsApiRef);
  const { value: isHere } = useAsync(
    async () => techDocs && isPublished(techDocs),
    [techDocs],
  );
  if (!isHere) return undefined;
  const route = apis.get(routeResolutionApiRef)?.resolve(docsRouteRef);
  // Apps on the old frontend system mount TechDocs here.
  return route?.(DOCUMENTED) ?? '/docs/default/system/acr-cmk';
}

/** Section of the documentation about a finding: cause, symptom and remedy. */
export function ExplanationLink({
  finding: { id, verdict },
}: {
  finding: Pick<Finding, 'id' | 'verdict'>;
}) {
  const t = useTexts();
  return (
    <DocumentationLink
      page="troubleshooting"
      section={
        verdict === 'undecided' ? 'a-finding-that-could-not-be-checked' : id
      }
    >
      {t('findings.more')}
    </DocumentationLink>
  );
}

/** A link to the documentation: in this portal where TechDocs has it, else of this release. Without an address, its path. */
export function DocumentationLink(props: {
  page: string;
  section: string;
  children: string;
}) {
  const { page, section, children } = props;
  const path = useDocsPath();
  if (path !== undefined) {
    return <RouteLink to={`${path}/${page}#${section}`}>{children}</RouteLink>;
  }
  const place = documentationUrl(`docs/${page}.md#${section}`);
  return place.startsWith('https:') ? (
    <ExternalLink href={place}>{children}</ExternalLink>
  ) : (
    <>
      {children}: {place}
    </>
  );
}
