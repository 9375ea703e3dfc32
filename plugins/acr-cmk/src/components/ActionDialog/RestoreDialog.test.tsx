import { within } from '@testing-library/react';
import { apiWith, openDialog } from './__testUtils__/dialogs';

describe('the dialog to restore', () => {
  it('requests a plan that undoes the last revoke', async () => {
    const api = apiWith();
    const { dialog } = await openDialog('Restore', api);

    expect(
      await within(dialog).findByRole('button', { name: 'Restore access' }),
    ).toBeEnabled();
    expect(api.inputsOf('plan')).toEqual([
      expect.objectContaining({ intent: { kind: 'restore' } }),
    ]);
  });
});
