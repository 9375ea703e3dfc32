import type { Finding } from 'backstage-plugin-acr-cmk-common';
import { memo } from 'react';
import { useTexts } from '../../translations/ref';
import { Fold } from '../shared/Fold';
import { joined } from '../shared/joined';
import { lazyOrNotice } from '../shared/lazyOrNotice';
import { Stack } from '../shared/Stack';
import { namedStyles } from '../shared/styles';
import type { OnAction } from './Actions';
import { Findings } from './Findings';
import type { FactsOfRegistry } from './RegistryFacts';

// Few viewers open them.
const RegistryFacts = lazyOrNotice(() =>
  import('./RegistryFacts').then(m => m.RegistryFacts),
);

const useStyles = namedStyles('Details', theme => ({
  content: { paddingTop: theme.spacing(2) },
}));

/** Notes, identifiers and settings of a registry, its key and its vault, hidden until they are wanted. */
export const Details = memo(
  (props: {
    registry: FactsOfRegistry;
    ofEntity: boolean;
    notes: Finding[];
    onAction: OnAction;
  }) => {
    const { registry, notes } = props;
    const t = useTexts();
    const classes = useStyles();
    return (
      <Fold
        onDemand
        summary={joined([
          t('details.title'),
          notes.length > 0 && t('findings.notes', { count: notes.length }),
        ])}
      >
        <Stack gap={3} className={classes.content}>
          <Findings
            title="findings.notes"
            findings={notes}
            offers={registry.actions}
            fixedAbove={undefined}
            onAction={props.onAction}
          />
          <RegistryFacts
            registry={registry}
            ofEntity={props.ofEntity}
            loading={t('details.loading')}
          />
        </Stack>
      </Fold>
    );
  },
);
