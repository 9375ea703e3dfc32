import Typography from '@material-ui/core/Typography';
import type { Consumer } from 'backstage-plugin-acr-cmk-common';
import { useOwnRefs } from '../../hooks/useOwnRefs';
import { useTexts } from '../../translations/ref';
import { Stack } from '../shared/Stack';
import { Block } from '../shared/layout';
import { checkStyles, severityStyles } from '../shared/statusStyles';
import { Note } from '../shared/Note';

/** Effect of a plan on each registry of the viewer and their groups. Nothing where none is theirs. */
export function YourRegistries({ consumers }: { consumers: Consumer[] }) {
  const t = useTexts();
  const own = useOwnRefs();
  const theirs = consumers.filter(
    ({ entities, outcome }) =>
      outcome &&
      entities.some(({ owner }) => owner && own.has(owner.toLowerCase())),
  );
  if (theirs.length === 0) return null;
  return (
    <Block title={t('affected.yours')}>
      <Note
        statusStyle={
          theirs.some(({ effect }) => effect === 'loses-key')
            ? checkStyles.warn
            : severityStyles.info
        }
      >
        <Stack component="ul" gap={0.5}>
          {theirs.map(({ registryId, registryName, outcome }) => (
            <Typography key={registryId} component="li" variant="body2">
              <strong>{registryName}</strong>: {outcome}
            </Typography>
          ))}
        </Stack>
      </Note>
    </Block>
  );
}
