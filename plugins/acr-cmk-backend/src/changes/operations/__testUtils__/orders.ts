import {
  acceptanceOf,
  registryId,
  type TestPortal,
} from '../../../__testUtils__/portal';

export const ORDERS = registryId('ordersimages');

/** Plans a revoke of the key of ordersimages, and accepts it. Azure's log begins after that. */
export async function acceptRevoke(portal: TestPortal) {
  const plan = await portal.plan('orders-images', ORDERS, { kind: 'revoke' });
  const operation = await portal.as().accept(
    acceptanceOf(plan, {
      reason: 'It may have leaked',
      confirmation: 'ordersimages',
    }),
  );
  portal.azure.clearRequests();
  return { plan, operation };
}
