import { Progress } from '@backstage/core-components';
import Typography from '@material-ui/core/Typography';
import {
  assertNever,
  type Plan,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import type { Loaded } from '../../hooks/loaded';
import { readRefusal } from '../../hooks/refusal';
import { useTexts } from '../../translations/ref';
import { Denied } from '../shared/Denied';
import { LoadFailure } from '../shared/LoadFailure';
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
  switch (plan.status) {
    case 'loading':
      return (
        <>
          <Typography variant="body2" role="status" gutterBottom>
            {t('plan.loading')}
          </Typography>
          <Progress aria-label={t('plan.loading')} />
        </>
      );
    case 'denied':
      return <Denied {...plan} />;
    case 'failed':
      return (
        <LoadFailure onRetry={plan.retry}>
          {t('plan.failed', { message: readRefusal(plan.error).message })}
        </LoadFailure>
      );
    case 'ready':
      return (
        <PlanReview
          plan={plan.data}
          identity={props.identity}
          readOnly={props.readOnly}
          offer={props.offer}
        />
      );
    default:
      return assertNever(plan);
  }
}
