import type { ReactNode } from 'react';
import { namedStyles } from './styles';

const useStyles = namedStyles('ForScreenReaders', {
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
});

/** Text for screen readers alone. */
export function ForScreenReaders({ children }: { children: ReactNode }) {
  return <span className={useStyles().hidden}>{children}</span>;
}
