import { userRef, VISITOR } from '../world/people';
import { type Invariant, inWords } from './invariant';

/** An answer that promises that there is no operation. */
const NOTHING_ACCEPTED = /nothing was (accepted|stored)/i;

export const refusalsAreTrue: Invariant = {
  name: 'what was refused did not happen',
  violations({ history, operations }) {
    const visitors = operations.filter(
      ({ requestedBy }) => requestedBy === userRef(VISITOR),
    );
    const byKey = new Map(
      operations.map(one => [`${one.requestedBy} ${one.idempotencyKey}`, one]),
    );
    return [
      ...visitors.map(
        one => `${inWords(one)} was accepted from somebody who may only look`,
      ),
      ...history.intruders
        .filter(({ status }) => status !== 403 && status !== 404)
        .map(({ status }) => `${VISITOR} asked for a plan and got ${status}`),
      ...history.reused
        .filter(({ answer }) => answer.kind === 'accepted')
        .map(
          ({ operationId }) =>
            `the key of operation ${operationId} came back with another reason and was accepted`,
        ),
      ...history.orders.flatMap(order => {
        const operation = byKey.get(
          `${userRef(order.person)} ${order.idempotencyKey}`,
        );
        if (!operation) return [];
        return order.attempts
          .filter(
            ({ answer, answeredAt }) =>
              answer.kind === 'unknown' &&
              NOTHING_ACCEPTED.test(answer.message) &&
              operation.createdAt <= answeredAt &&
              // Others under the same key may have made it.
              order.attempts.filter(({ sentAt }) => sentAt <= answeredAt)
                .length === 1,
          )
          .map(
            ({ answer }) =>
              `${inWords(operation)} was accepted, and the answer was: ${
                'message' in answer ? answer.message : ''
              }`,
          );
      }),
    ];
  },
};
