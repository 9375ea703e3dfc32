import { sidebarConfig, useSidebarOpenState } from '@backstage/core-components';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { Link } from 'react-router-dom';

const useStyles = makeStyles({
  root: {
    height: 2 * sidebarConfig.logoHeight,
    display: 'flex',
    alignItems: 'center',
    paddingLeft: 24,
    textDecoration: 'none',
  },
  text: {
    color: '#fff',
    fontWeight: 700,
    fontSize: 22,
    letterSpacing: '-0.02em',
  },
});

export const SidebarLogo = () => {
  const classes = useStyles();
  const { isOpen } = useSidebarOpenState();

  return (
    <Link to="/" className={classes.root} aria-label="Contoso, home">
      <Typography component="span" className={classes.text}>
        {isOpen ? 'Contoso' : 'C'}
      </Typography>
    </Link>
  );
};
