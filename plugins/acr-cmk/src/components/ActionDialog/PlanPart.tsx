import Typography from '@material-ui/core/Typography';
import type { Plan, RegistryEncryption } from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import type { Loaded } from '../../hooks/loaded';
import { useTexts } from '../../translations/ref';
import { LoadedView } from '../shared/LoadedView';
import { PlanReview } from './PlanReview';

/** A plan, or why there is none yet. */
export function PlanPart(props: {
  plan: Loaded<Plan>;
  identity?: RegistryEncryption['identity'];
  /** The plan cannot be accepted from here. */
  readOnly?: boolean;
  /** Change that the same plan can make about the state that it leads to. */
  offer?: ReactNode;
}) {
  const { plan } = props;
  const t = useTexts();
  return (
    <>
      {plan.status === 'loading' && (
        <Typography variant="body2" role="status" gutterBottom>
          {t('plan.loading')}
        </Typography>
      )}
      <LoadedView
        of={plan}
        loading={t('plan.loading')}
        failed={message => t('plan.failed', { message })}
      >
        {data => (
          <PlanReview
            plan={data}
            identity={props.identity}
            readOnly={props.readOnly}
            offer={props.offer}
          />
        )}
      </LoadedView>
    </>
  );
}
