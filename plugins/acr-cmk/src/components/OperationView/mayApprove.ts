import type { Operation } from 'backstage-plugin-acr-cmk-common';

/** Whether the operation waits for an approval that the viewer may give. */
export const mayApprove = ({ actions }: Pick<Operation, 'actions'>): boolean =>
  actions.some(({ action, allowed }) => action === 'approve' && allowed);
