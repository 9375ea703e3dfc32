import Link from '@material-ui/core/Link';
import { useTexts } from '../../translations/ref';
import { policyDuration } from '../shared/policyDuration';
import { useLocale } from '../shared/Time';
import type { OnAction } from './Actions';
import type { FactsOfRegistry } from './RegistryFacts';

/** Source of new key versions, and whether the registry follows them. */
export function RotationInShort({ registry }: { registry: FactsOfRegistry }) {
  const t = useTexts();
  const locale = useLocale();
  const { versionMode, key } = registry;
  if (!versionMode) return <>{t('unknown')}</>;
  if (versionMode === 'manual') {
    const isPinned = key?.known && key.rotatesByPolicy;
    return <>{t(isPinned ? 'glance.pinned' : 'glance.mode.manual')}</>;
  }
  if (!key?.known) return <>{t('glance.policyUnknown')}</>;
  if (!key.rotatesByPolicy) return <>{t('glance.whenNewVersion')}</>;
  const { timeAfterCreate, timeBeforeExpiry } = key.rotationPolicy ?? {};
  if (timeAfterCreate) {
    const time = policyDuration(timeAfterCreate, locale);
    return <>{t('glance.everyByPolicy', { time })}</>;
  }
  return timeBeforeExpiry ? (
    <>
      {t('glance.beforeExpiryByPolicy', {
        time: policyDuration(timeBeforeExpiry, locale),
      })}
    </>
  ) : (
    <>{t('glance.byPolicy')}</>
  );
}

/** Opens the form for automatic rotation; nothing for who may not change it. */
export function ChangeRotation(props: {
  registry: FactsOfRegistry;
  onAction: OnAction;
}) {
  const t = useTexts();
  const { key, versionMode, actions } = props.registry;
  const offer = actions.find(({ action }) => action === 'automatic-rotation');
  if (!offer?.allowed) return null;
  const isSetUp =
    versionMode === 'automatic' && key?.known && key.rotatesByPolicy;
  return (
    <div>
      <Link
        component="button"
        type="button"
        variant="body2"
        onClick={() => props.onAction(offer.action)}
      >
        {isSetUp ? t('glance.change') : t('rotation.on.confirm')}
      </Link>
    </div>
  );
}
