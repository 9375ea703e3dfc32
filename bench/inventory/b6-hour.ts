import { verdict } from './print';
import { measured } from './process';

/** B6: calls to Azure in an hour, with many people who look and two replicas, and with one of each. */
export async function hourOfViews(options: {
  registries: number;
  viewers: number;
}): Promise<void> {
  const { registries, viewers } = options;
  const hour = (one: { replicas: number; viewers: number }) =>
    measured('hour', { registries, program: 'measureHour.ts', ...one });
  const few = await hour({ replicas: 1, viewers: 1 });
  const many = await hour({ replicas: 2, viewers });
  console.log(
    `B6  an hour, ${registries} registries: ${few.calls} calls with one viewer and one replica, ${many.calls} with ${viewers} and two`,
  );
  verdict('calls, many of few', many.calls / few.calls, '<= 1.05');
}
