import { describeCrashes } from '../../__testUtils__/crashes';
import { kindOf } from '../../__testUtils__/intentCases';

describeCrashes(wanted => kindOf(wanted) === 'automate');
