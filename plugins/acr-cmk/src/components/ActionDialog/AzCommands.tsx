import Typography from '@material-ui/core/Typography';
import type { PlannedStep } from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { CommandBlock } from '../shared/CommandBlock';
import { Fold } from '../shared/Fold';
import { azScript } from './azScript';

/** The plan as `az` commands, folded: to review it, or to carry it out by hand. */
export function AzCommands({ steps }: { steps: readonly PlannedStep[] }) {
  const t = useTexts();
  const script = azScript(steps);
  if (!script) return null;
  return (
    <Fold summary={t('plan.az')}>
      <Typography variant="body2" color="textSecondary">
        {t('plan.azHelp')}
      </Typography>
      <CommandBlock name={t('plan.az')} script={script} />
    </Fold>
  );
}
