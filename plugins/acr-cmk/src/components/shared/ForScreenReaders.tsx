import { makeStyles } from '@material-ui/core/styles';
import type { ReactNode } from 'react';

const useStyles = makeStyles(
  {
    hidden: {
      position: 'absolute',
      width: 1,
      height: 1,
      margin: -1,
      padding: 0,
      overflow: 'hidden',
      clip: 'rect(0 0 0 0)',
      whiteSpace: 'nowrap',
      border: 0,
    },
  },
  { name: 'AcrCmkForScreenReaders' },
);

/** Text for screen readers alone. */
export function ForScreenReaders({ children }: { children: ReactNode }) {
  return <span className={useStyles().hidden}>{children}</span>;
}
