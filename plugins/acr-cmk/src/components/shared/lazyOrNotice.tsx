import { Progress } from '@backstage/core-components';
import { type ComponentType, type ElementType, lazy, Suspense } from 'react';
import { useFleetTexts } from '../../translations/fleet';
import { Note } from './Note';
import { severityStyles } from './statusStyles';

/** Note in place of a script that an upgraded portal no longer serves. */
function Outdated() {
  const t = useFleetTexts();
  return (
    <Note statusStyle={severityStyles.warning} role="alert">
      {t('outdated')}
    </Note>
  );
}

/**
 * A component that is loaded when it is first shown. When loading fails, a note that asks to reload the page
 * takes its place: React keeps the failure until then, and would remove everything around it.
 */
export function lazyOrNotice<P extends object>(
  load: () => Promise<ComponentType<P>>,
): ComponentType<P & { loading?: string }> {
  const Loaded: ElementType = lazy(async () => {
    try {
      return { default: await load() };
    } catch {
      return { default: Outdated as ComponentType<P> };
    }
  });
  /** @param props.loading - name of the progress while it is loaded; without one, nothing is shown */
  return function Lazy(props) {
    const { loading } = props;
    return (
      <Suspense fallback={loading ? <Progress aria-label={loading} /> : null}>
        <Loaded {...props} />
      </Suspense>
    );
  };
}
