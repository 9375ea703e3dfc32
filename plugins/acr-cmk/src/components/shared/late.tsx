import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { type ComponentType, lazy, type LazyExoticComponent } from 'react';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { Note } from './Note';
import { severityStyles } from './statusStyles';

/** Stands for what a portal of a newer version no longer serves. */
function Outdated() {
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  return (
    <Note statusStyle={severityStyles.warning} role="alert">
      {t('outdated')}
    </Note>
  );
}

/**
 * A component that is loaded when it is first shown. Where that fails, `otherwise` stands in its place: React
 * keeps the failure until the page is loaded again, and would take away all that is around it.
 *
 * @param otherwise - Default: a note that asks to reload the page.
 */
export function late<P extends object>(
  load: () => Promise<ComponentType<P>>,
  otherwise: ComponentType = Outdated,
): LazyExoticComponent<ComponentType<P>> {
  return lazy(async () => {
    try {
      return { default: await load() };
    } catch {
      return { default: otherwise as ComponentType<P> };
    }
  });
}
