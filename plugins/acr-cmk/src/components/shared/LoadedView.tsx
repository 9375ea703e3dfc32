import { Progress } from '@backstage/core-components';
import { assertNever } from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import type { Known, Loaded } from '../../hooks/loaded';
import { readRefusal } from '../../hooks/refusal';
import { lazyOrNotice } from './lazyOrNotice';
import { LoadFailure } from './LoadFailure';
import { Note } from './Note';
import { severityStyles } from './statusStyles';

// With the texts of the tab, which explain permissions, and which few viewers need.
const Denied = lazyOrNotice(() => import('./Denied').then(m => m.Denied));

/** Loaded data; progress, refusal or error until there is any. */
export function LoadedView<T>(props: {
  of: Loaded<T> | Known<T>;
  /** Name of the progress, for screen readers. */
  loading: string;
  /** Sentence for a failure of the first request. */
  failed(message: string): string;
  /** Default: `error`, announced by screen readers at once. */
  severity?: 'warning';
  /** Sentence for a failure of a later request, shown above the data. */
  refreshFailed?(message: string): string;
  children(data: T): ReactNode;
}) {
  const { of, refreshFailed } = props;
  switch (of.status) {
    case 'loading':
      return <Progress aria-label={props.loading} />;
    case 'denied':
      return <Denied {...of} loading={props.loading} />;
    case 'failed':
      return (
        <LoadFailure severity={props.severity} onRetry={of.retry}>
          {props.failed(readRefusal(of.error).message)}
        </LoadFailure>
      );
    case 'ready': {
      const error = 'refreshError' in of ? of.refreshError : undefined;
      return (
        <>
          {error && refreshFailed && (
            <Note statusStyle={severityStyles.warning} role="status">
              {refreshFailed(readRefusal(error).message)}
            </Note>
          )}
          {props.children(of.data)}
        </>
      );
    }
    default:
      return assertNever(of);
  }
}
