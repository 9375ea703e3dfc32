import type { Need } from 'backstage-plugin-acr-cmk-common';
import type { ReactNode } from 'react';
import { EntityName } from './EntityName';
import { useExplainPermissions } from './permissions';

/** Approval that an operation needs: the permission, of whom, why, and who has given it. */
export function NeedInWords(props: {
  need: Need;
  /** Words before the name of the person who has approved. */
  approvedBy: string;
  /** Words while nobody has approved. */
  open?: ReactNode;
}) {
  const { permission, entityRef, because, by } = props.need;
  const explain = useExplainPermissions();
  return (
    <>
      {explain(permission)}
      {entityRef && (
        <>
          {' · '}
          <EntityName entityRef={entityRef} />
        </>
      )}
      {` · ${because}`}
      {by ? (
        <>
          {` · ${props.approvedBy} `}
          <EntityName entityRef={by} />
        </>
      ) : (
        props.open && <> · {props.open}</>
      )}
    </>
  );
}
