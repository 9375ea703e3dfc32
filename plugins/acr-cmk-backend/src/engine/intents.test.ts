import { keyPermissions } from '../__testUtils__/documentedRoles';
import { intentCases } from '../__testUtils__/intentCases';
import { describeIntents } from '../__testUtils__/intents';
import { useAzure } from '../__testUtils__/useAzure';

jest.setTimeout(60_000);

describeIntents({ cases: intentCases, world: 'demo' });

describe('the demo world', () => {
  const azure = useAzure();

  it('has in its access policies the key permissions of docs/roles', () => {
    const permissions = keyPermissions(azure.emulator, 'kv-contoso-policy');
    expect(permissions.map(({ name, held }) => [name, held])).toEqual(
      permissions.map(({ name, documented }) => [name, documented]),
    );
  });
});
