import { stringifyEntityRef } from '@backstage/catalog-model';
import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/frontend-plugin-api';
import { useEntity, useEntityRefLink } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import Card from '@material-ui/core/Card';
import CardActions from '@material-ui/core/CardActions';
import CardContent from '@material-ui/core/CardContent';
import CardHeader from '@material-ui/core/CardHeader';
import { makeStyles } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import {
  assertNever,
  RegistryId,
  type EntityRegistries,
} from 'backstage-plugin-acr-cmk-common';
import { Link as RouterLink } from 'react-router-dom';
import { readRefusal } from '../../hooks/refusal';
import { useEncryption } from '../../hooks/useEncryption';
import { acrCmkCardTranslationRef } from '../../translations/card';
import { stateStyles, Status, unreadableStyle } from '../shared/statusStyles';
import { ReadAt } from '../shared/ReadAt';
import { hostCard } from '../shared/styles';

const useStyles = makeStyles(
  theme => ({
    card: { borderRadius: hostCard.borderRadius },
    inset: { paddingLeft: hostCard.inset, paddingRight: hostCard.inset },
    list: {
      listStyle: 'none',
      margin: 0,
      padding: 0,
      display: 'grid',
      gap: theme.spacing(1.5),
    },
    name: { overflowWrap: 'anywhere' },
  }),
  { name: 'AcrCmkOverviewCard' },
);

/** The state of the entity's registries in short, with a link to the tab. */
export function OverviewCard(props: {
  /** Path of the tab below the entity's page. Default: `encryption`. */
  tabPath?: string;
}) {
  const { entity } = useEntity();
  const linkTo = useEntityRefLink();
  const { t } = useTranslationRef(acrCmkCardTranslationRef);
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
  const { t } = useTranslationRef(acrCmkCardTranslationRef);
  const { encryption } = useEncryption(entityRef);
  switch (encryption.status) {
    case 'loading':
      return <Progress aria-label={t('tab.loading')} />;
    case 'denied':
      return <Typography variant="body2">{encryption.message}</Typography>;
    case 'failed':
      return (
        <Typography variant="body2" role="status">
          {t('card.failed', {
            message: readRefusal(encryption.error).message,
          })}
        </Typography>
      );
    case 'ready':
      return <Lines of={encryption.data} />;
    default:
      return assertNever(encryption);
  }
}

function Lines({ of }: { of: EntityRegistries }) {
  const classes = useStyles();
  const { t } = useTranslationRef(acrCmkCardTranslationRef);
  if (of.registries.length === 0) {
    return <Typography variant="body2">{t('card.none')}</Typography>;
  }
  return (
    <ul className={classes.list}>
      {of.registries.map(registry =>
        registry.kind === 'registry' ? (
          <li key={registry.registryId}>
            <Typography
              variant="subtitle2"
              component="h3"
              className={classes.name}
            >
              {registry.name}
            </Typography>
            <Typography variant="body2" component="div">
              <Status statusStyle={stateStyles[registry.state.id]}>
                {t(`state.${registry.state.id}`)}
              </Status>
              {registry.versionMode && (
                <> · {t(`mode.short.${registry.versionMode}`)}</>
              )}
            </Typography>
            <Typography variant="body2" color="textSecondary">
              {t('head.checked')} <ReadAt freshness={registry.freshness} />
            </Typography>
          </li>
        ) : (
          <li key={registry.text}>
            <Typography
              variant="subtitle2"
              component="h3"
              className={classes.name}
            >
              {RegistryId.tryParse(registry.text)?.name ?? registry.text}
            </Typography>
            <Typography variant="body2" component="div">
              <Status statusStyle={unreadableStyle}>
                {t(`unreadable.${registry.reason}.word`)}
              </Status>
            </Typography>
          </li>
        ),
      )}
    </ul>
  );
}
