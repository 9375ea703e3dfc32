import Checkbox from '@material-ui/core/Checkbox';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormHelperText from '@material-ui/core/FormHelperText';
import { useId } from 'react';
import { dataOf } from '../../hooks/loaded';
import { useIdentities } from '../../hooks/useFormOptions';
import { useTexts } from '../../translations/ref';
import { isSame } from '../shared/isSame';
import { identityOption } from '../shared/keyOptions';
import { Picker, type PickerOption } from '../shared/Picker';
import type { RegistryEncryption } from 'backstage-plugin-acr-cmk-common';
import { namedStyles } from '../shared/styles';
import type { Answers } from './intents';
import { ListProblem } from './ListProblem';
import { answerTo, type QuestionAbout, type QuestionProps } from './question';

const useStyles = namedStyles('IdentityQuestions', theme => ({
  box: {
    marginLeft: 0,
    marginRight: 0,
    '& .MuiCheckbox-root': { padding: theme.spacing(0.5), marginRight: 4 },
    '& .MuiFormControlLabel-label': theme.typography.body2,
  },
  help: { margin: theme.spacing(0, 0, 0, 4.25) },
}));

/** Choice to also change the identity. */
export function AlsoIdentity(props: QuestionProps) {
  const t = useTexts();
  return (
    <Tick
      {...answerTo(props, 'alsoIdentity')}
      label={t('identityChoice.also')}
    />
  );
}

/** The identity with which the registry reads its key. */
export function IdentityChoice(
  props: QuestionAbout<Pick<Answers, 'identity'>> & {
    entityRef?: string;
    /** Absent for the identity of many registries. */
    registry?: Pick<RegistryEncryption, 'registryId' | 'identity'>;
  },
) {
  const { entityRef, registry } = props;
  const t = useTexts();
  const identities = useIdentities({
    entityRef,
    registryId: registry?.registryId,
  });
  const current = registry?.identity;
  const listed: PickerOption[] =
    dataOf(identities)?.items.map(identity =>
      identityOption(identity, [
        registry &&
          t(`identityChoice.${identity.attached ? 'attached' : 'open'}`),
        isSame(identity.resourceId, current?.resourceId) &&
          t('modeChoice.asNow'),
      ]),
    ) ?? [];
  const own: PickerOption = {
    value: 'system',
    label: 'system',
    detail: t('identityChoice.system'),
  };
  return (
    <Picker
      {...answerTo(props, 'identity')}
      label={t('identity.name')}
      options={[own, ...listed]}
      anyText
      loading={identities.status === 'loading'}
      help={
        dataOf(identities)?.complete ? (
          t('identityChoice.help')
        ) : (
          <ListProblem of={identities} mayType />
        )
      }
    />
  );
}

/** Choice to grant missing access. */
export function GrantAccess(
  props: QuestionAbout<Pick<Answers, 'grantAccess'>>,
) {
  const t = useTexts();
  return (
    <Tick
      {...answerTo(props, 'grantAccess')}
      label={t('grantAccess.label')}
      help={t('grantAccess.help')}
    />
  );
}

/** Offer to turn the rotation policy of the key off in the same plan. */
export function StopRotation(
  props: QuestionAbout<Pick<Answers, 'stopRotation'>>,
) {
  const t = useTexts();
  return (
    <Tick
      {...answerTo(props, 'stopRotation')}
      label={t('stopRotation.label')}
      help={t('stopRotation.help')}
    />
  );
}

function Tick(props: {
  label: string;
  help?: string;
  value: boolean;
  disabled: boolean;
  onChange(checked: boolean): void;
}) {
  const classes = useStyles();
  const helpId = useId();
  return (
    <div>
      <FormControlLabel
        className={classes.box}
        disabled={props.disabled}
        control={
          <Checkbox
            color="primary"
            size="small"
            checked={props.value}
            onChange={(_event, checked) => props.onChange(checked)}
            inputProps={props.help ? { 'aria-describedby': helpId } : {}}
          />
        }
        label={props.label}
      />
      {props.help && (
        <FormHelperText id={helpId} className={classes.help}>
          {props.help}
        </FormHelperText>
      )}
    </div>
  );
}
