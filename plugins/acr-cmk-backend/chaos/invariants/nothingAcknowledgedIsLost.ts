import type { Order } from '../client/History';
import type { Invariant } from './invariant';

const told = ({ attempts }: Order) =>
  attempts.flatMap(({ answer }) =>
    answer.kind === 'accepted' ? [answer.operationId] : [],
  );

export const nothingAcknowledgedIsLost: Invariant = {
  name: 'whatever was acknowledged is there, once for each idempotency key',
  violations({ history, operations }) {
    const there = new Map(operations.map(one => [one.id, one]));
    return history.orders.flatMap(order => {
      const ids = [...new Set(told(order))];
      const lost = ids.filter(id => !there.has(id));
      return [
        ...lost.map(
          id =>
            `${order.idempotencyKey} was told of operation ${id}, which is not there`,
        ),
        ...(ids.length > 1
          ? [`${order.idempotencyKey} was told of ${ids.join(' and ')}`]
          : []),
      ];
    });
  },
};
