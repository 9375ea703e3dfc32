import { mockCredentials } from '@backstage/backend-test-utils';
import { PermissionMissing } from 'backstage-plugin-acr-cmk-common';
import type { PermissionChecker } from '../changes/gate/PermissionChecker';
import { sharingRuns } from './createDoctor';

const WHO = mockCredentials.user();
const REPORT = {
  at: '',
  version: '0.1.0',
  status: 'ok' as const,
  checks: [],
};

function serviceWith(options: { granted: boolean; fails?: boolean }) {
  const asked: string[] = [];
  let runs = 0;
  let end: () => void = () => undefined;
  const permissionChecker = {
    require: async ({ permission }: { permission: { name: string } }) => {
      asked.push(permission.name);
      if (!options.granted) throw new PermissionMissing(permission.name);
    },
  } as unknown as PermissionChecker;
  const service = sharingRuns(permissionChecker, async () => {
    runs += 1;
    await new Promise<void>(resolve => {
      end = resolve;
    });
    if (options.fails) throw new Error('It failed');
    return REPORT;
  });
  return { service, asked, runs: () => runs, end: () => end() };
}

const settled = () => new Promise(resolve => setImmediate(resolve));

it('runs nothing without the permission acr-cmk.doctor.read', async () => {
  const { service, runs } = serviceWith({ granted: false });
  await expect(service.report(WHO)).rejects.toThrow('acr-cmk.doctor.read');
  expect(runs()).toBe(0);
});

it('gives requests at the same time one run, each after its own permission check', async () => {
  const { service, asked, runs, end } = serviceWith({ granted: true });
  const both = [service.report(WHO), service.report(WHO)];
  await settled();
  end();
  expect(await Promise.all(both)).toEqual([REPORT, REPORT]);
  expect(runs()).toBe(1);
  expect(asked).toEqual(['acr-cmk.doctor.read', 'acr-cmk.doctor.read']);
});

it('runs again after a run that has ended, also with an error', async () => {
  const { service, runs, end } = serviceWith({ granted: true, fails: true });
  for (const run of [1, 2]) {
    const report = service.report(WHO);
    await settled();
    end();
    await expect(report).rejects.toThrow('It failed');
    expect(runs()).toBe(run);
  }
});
