import type { Need } from 'backstage-plugin-acr-cmk-common';
import { useOwnRefs } from '../../hooks/useOwnRefs';
import { useTexts } from '../../translations/ref';

const reasonsOf = (needs: readonly Need[]) =>
  [...new Set(needs.map(({ because }) => because))].join('; ');

/** Approval that a request needs from the viewer, who may give it, and why; and whether it needs others, too. */
export function YourApproval(props: { needs: readonly Need[] | undefined }) {
  const t = useTexts();
  const own = useOwnRefs();
  const unmet = (props.needs ?? []).filter(({ by }) => by === undefined);
  const named = unmet.filter(({ askedOf = [] }) =>
    askedOf.some(ref => own.has(ref.toLowerCase())),
  );
  // Where the configuration names nobody, nothing tells them apart.
  const yours = named.length > 0 ? named : unmet;
  const ofOthers = unmet.filter(need => !yours.includes(need));
  return (
    <>
      {yours.length > 0
        ? t('yourApproval.because', { because: reasonsOf(yours) })
        : t('yourApproval.needed')}
      {ofOthers.length > 0 &&
        ` ${t('yourApproval.others', { because: reasonsOf(ofOthers) })}`}
    </>
  );
}
