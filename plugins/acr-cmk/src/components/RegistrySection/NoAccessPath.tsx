import { useTranslationRef } from '@backstage/frontend-plugin-api';
import {
  KeyIdentifier,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { acrCmkTranslationRef } from '../../translations/ref';
import { checkStyles, Status } from '../shared/statusStyles';

/** Nothing lets the identity use the key, as far as can be known: a Managed HSM does not show groups. */
export function NoAccessPath({
  encryption,
}: Pick<RegistryEncryption, 'encryption'>) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  const isInHsm = KeyIdentifier.tryParse(encryption.keyIdentifier)?.isInHsm;
  return isInHsm ? (
    <Status statusStyle={checkStyles.warn}>{t('access.noneOfOwn')}</Status>
  ) : (
    <Status statusStyle={checkStyles.fail}>{t('access.none')}</Status>
  );
}
