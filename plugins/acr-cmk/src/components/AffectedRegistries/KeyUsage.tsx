import Typography from '@material-ui/core/Typography';
import VpnKeyIcon from '@material-ui/icons/VpnKey';
import {
  KeyIdentifier,
  type Operation,
  type RegistryEncryption,
} from 'backstage-plugin-acr-cmk-common';
import { useTexts } from '../../translations/ref';
import { Block } from '../shared/layout';
import { namedStyles } from '../shared/styles';
import { AffectedRegistriesTable } from './AffectedRegistriesTable';
import { countAffected } from './affected';
import { OtherServices } from './OtherServices';
import { keyHomeWords } from '../shared/keyHome';

const useStyles = namedStyles('BlastRadius', theme => ({
  root: {
    display: 'grid',
    gridTemplateColumns: 'minmax(8em, 14em) minmax(0, 1fr)',
    gap: theme.spacing(2),
    alignItems: 'start',
    [theme.breakpoints.down('xs')]: { gridTemplateColumns: '1fr' },
  },
  key: {
    padding: theme.spacing(1.5),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    overflowWrap: 'anywhere',
  },
  consumers: {
    minWidth: 0,
    borderLeft: `2px solid ${theme.palette.divider}`,
    paddingLeft: theme.spacing(2),
    [theme.breakpoints.down('xs')]: { borderLeft: 'none', paddingLeft: 0 },
  },
}));

/** The registries and other Azure services that use the key, with their entities and owners, and what is asked for them. */
export function KeyUsage({
  registry,
  asked,
}: {
  registry: Pick<
    RegistryEncryption,
    | 'encryption'
    | 'consumers'
    | 'consumersComplete'
    | 'services'
    | 'servicesLookedAt'
  >;
  /** Operations that wait for approval. */
  asked: Operation[];
}) {
  const classes = useStyles();
  const t = useTexts();
  const key = KeyIdentifier.tryParse(registry.encryption.keyIdentifier);
  if (!key) return null;
  const { hidden, outsideCatalog } = countAffected(registry.consumers);
  const notes = [
    t('affected.inHome', keyHomeWords(t, key.vaultName)),
    hidden > 0 && t('affected.hidden', { count: hidden }),
    outsideCatalog > 0 && t('affected.outsideCount', { count: outsideCatalog }),
    !registry.consumersComplete && t('affected.incomplete'),
  ].filter(note => note !== false);
  return (
    <Block folds title={t('affected.title')}>
      <div className={classes.root}>
        <div className={classes.key}>
          <VpnKeyIcon fontSize="small" />
          <Typography variant="body2">{key.keyName}</Typography>
          {notes.map(note => (
            <Typography key={note} variant="body2" color="textSecondary">
              {note}
            </Typography>
          ))}
        </div>
        <div className={classes.consumers}>
          <AffectedRegistriesTable
            consumers={registry.consumers}
            asked={asked}
          />
        </div>
      </div>
      {registry.servicesLookedAt && (
        <OtherServices
          services={registry.services ?? []}
          lookedAt={registry.servicesLookedAt}
        />
      )}
    </Block>
  );
}
