import { describeCrashes } from '../../__testUtils__/crashes';

describeCrashes('rotate');
