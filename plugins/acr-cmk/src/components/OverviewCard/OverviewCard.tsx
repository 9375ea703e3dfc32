import { stringifyEntityRef } from '@backstage/catalog-model';
import { useEntity, useEntityRefLink } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import Card from '@material-ui/core/Card';
import CardActions from '@material-ui/core/CardActions';
import CardContent from '@material-ui/core/CardContent';
import CardHeader from '@material-ui/core/CardHeader';
import Typography from '@material-ui/core/Typography';
import { Link as RouterLink } from 'react-router-dom';
import { useEncryption } from '../../hooks/useEncryption';
import { useCardTexts } from '../../translations/card';
import { LoadedView } from '../shared/LoadedView';
import { stateStyles, Status, unreadableStyle } from '../shared/statusStyles';
import { nameOf, type ListedRegistry } from '../EncryptionTab/listedRegistry';
import { Stack } from '../shared/Stack';
import { ReadAt } from '../shared/ReadAt';
import { hostCard, namedStyles } from '../shared/styles';

const useStyles = namedStyles('OverviewCard', {
  card: { borderRadius: hostCard.borderRadius },
  inset: { paddingLeft: hostCard.inset, paddingRight: hostCard.inset },
  name: { overflowWrap: 'anywhere' },
});

/** The state of the entity's registries in short, with a link to the tab. */
export function OverviewCard(props: {
  /** Path of the tab below the entity's page. Default: `encryption`. */
  tabPath?: string;
}) {
  const { entity } = useEntity();
  const linkTo = useEntityRefLink();
  const t = useCardTexts();
  const classes = useStyles();
  return (
    <Card className={classes.card}>
      <CardHeader
        className={classes.inset}
        title={t('card.title')}
        titleTypographyProps={{ variant: 'h6', component: 'h2' }}
      />
      <CardContent className={classes.inset}>
        <Registries entityRef={stringifyEntityRef(entity)} />
      </CardContent>
      <CardActions>
        <Button
          component={RouterLink}
          to={`${linkTo(entity)}/${props.tabPath ?? 'encryption'}`}
          color="primary"
        >
          {t('card.open')}
        </Button>
      </CardActions>
    </Card>
  );
}

function Registries({ entityRef }: { entityRef: string }) {
  const t = useCardTexts();
  const { encryption } = useEncryption(entityRef);
  return (
    <LoadedView
      of={encryption}
      loading={t('tab.loading')}
      severity="warning"
      failed={message => t('card.failed', { message })}
    >
      {({ registries }) =>
        registries.length === 0 ? (
          <Typography variant="body2">{t('card.none')}</Typography>
        ) : (
          <Stack component="ul" gap={1.5}>
            {registries.map(registry => (
              <Line key={nameOf(registry)} of={registry} />
            ))}
          </Stack>
        )
      }
    </LoadedView>
  );
}

function Line({ of }: { of: ListedRegistry }) {
  const classes = useStyles();
  const t = useCardTexts();
  const known = of.kind === 'registry' ? of : undefined;
  return (
    <li>
      <Typography variant="subtitle2" component="h3" className={classes.name}>
        {nameOf(of)}
      </Typography>
      <Typography variant="body2" component="div">
        {of.kind === 'registry' ? (
          <Status statusStyle={stateStyles[of.state.id]}>
            {t(`state.${of.state.id}`)}
          </Status>
        ) : (
          <Status statusStyle={unreadableStyle}>
            {t(`unreadable.${of.reason}.word`)}
          </Status>
        )}
        {known?.versionMode && <> · {t(`mode.short.${known.versionMode}`)}</>}
      </Typography>
      {known && (
        <Typography variant="body2" color="textSecondary">
          {t('head.checked')} <ReadAt freshness={known.freshness} />
        </Typography>
      )}
    </li>
  );
}
