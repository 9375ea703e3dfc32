import type { Order } from '../client/History';
import type { Invariant } from './invariant';

const acknowledged = ({ attempts }: Order) =>
  attempts.flatMap(({ answer }) =>
    answer.kind === 'accepted' ? [answer.operationId] : [],
  );

export const nothingAcknowledgedIsLost: Invariant = {
  name: 'whatever was acknowledged is there, once for each idempotency key',
  violations({ history, operations }) {
    const there = new Map(operations.map(one => [one.id, one]));
    return history.orders.flatMap(order => {
      const ids = [...new Set(acknowledged(order))];
      const lost = ids.filter(id => !there.has(id));
      return [
        ...lost.map(
          id =>
            `${order.idempotencyKey} was answered with operation ${id}, which is not there`,
        ),
        ...(ids.length > 1
          ? [`${order.idempotencyKey} was answered with ${ids.join(' and ')}`]
          : []),
      ];
    });
  },
};
