import Card from '@material-ui/core/Card';
import CardActionArea from '@material-ui/core/CardActionArea';
import CardContent from '@material-ui/core/CardContent';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import { DemoUser } from './demoUsers';

const useStyles = makeStyles(theme => ({
  page: {
    maxWidth: 900,
    margin: '0 auto',
    padding: theme.spacing(8, 3),
  },
  cards: {
    display: 'grid',
    gridTemplateColumns: 'repeat(auto-fill, minmax(240px, 1fr))',
    gap: theme.spacing(2),
    padding: 0,
    margin: theme.spacing(4, 0, 0),
    listStyle: 'none',
  },
  card: { height: '100%' },
  action: {
    height: '100%',
    display: 'flex',
    justifyContent: 'flex-start',
    alignItems: 'flex-start',
  },
}));

export const DemoUserCards = (props: {
  portal: string;
  users: DemoUser[];
  onChoose(name: string): void;
}) => {
  const { portal, users, onChoose } = props;
  const classes = useStyles();

  return (
    <main className={classes.page}>
      <Typography variant="h3" component="h1" gutterBottom>
        {portal}
      </Typography>
      {users.length === 0 ? (
        <Typography>
          This portal has no demo users. Configure auth.providers.demo.users.
        </Typography>
      ) : (
        <Typography>
          This is a demo. Choose a user; no password is needed.
        </Typography>
      )}
      <ul className={classes.cards}>
        {users.map(user => (
          <li key={user.name}>
            <Card className={classes.card}>
              <CardActionArea
                className={classes.action}
                aria-label={`Sign in as ${user.title}`}
                onClick={() => onChoose(user.name)}
              >
                <CardContent>
                  <Typography variant="overline">Sign in as</Typography>
                  <Typography variant="h6" component="p">
                    {user.title}
                  </Typography>
                  <Typography variant="body2" color="textSecondary">
                    {user.about}
                  </Typography>
                </CardContent>
              </CardActionArea>
            </Card>
          </li>
        ))}
      </ul>
    </main>
  );
};
