import { describeCrashes } from '../../__testUtils__/crashes';

describeCrashes('revoke', 'retire');
