import {
  KeyIdentifier,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { checkStyles, Status } from '../shared/statusStyles';

/** Warning that no access path is known. A Managed HSM does not show groups. */
export function NoAccessPath({
  encryption,
}: Pick<RegistryEncryption, 'encryption'>) {
  const t = useTexts();
  const isInHsm = KeyIdentifier.tryParse(encryption.keyIdentifier)?.isInHsm;
  return isInHsm ? (
    <Status statusStyle={checkStyles.warn}>{t('access.noneOfOwn')}</Status>
  ) : (
    <Status statusStyle={checkStyles.fail}>{t('access.none')}</Status>
  );
}
