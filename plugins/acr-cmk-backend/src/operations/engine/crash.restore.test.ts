import { describeCrashes } from '../../__testUtils__/crashes';

describeCrashes('restore');
