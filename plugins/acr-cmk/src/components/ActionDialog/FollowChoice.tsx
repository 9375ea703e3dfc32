import { useTranslationRef } from '@backstage/frontend-plugin-api';
import FormControl from '@material-ui/core/FormControl';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import FormLabel from '@material-ui/core/FormLabel';
import Radio from '@material-ui/core/Radio';
import RadioGroup from '@material-ui/core/RadioGroup';
import { acrCmkTranslationRef } from '../../translations/ref';
import type { Follow } from './intents';

/** How an automatic registry comes to the new version. */
export function FollowChoice(props: {
  follow: Follow;
  disabled: boolean;
  onChange(follow: Follow): void;
}) {
  const { t } = useTranslationRef(acrCmkTranslationRef);
  return (
    <FormControl component="fieldset">
      <FormLabel component="legend">{t('follow.question')}</FormLabel>
      <RadioGroup
        name="follow"
        value={props.follow}
        onChange={(_event, value) =>
          props.onChange(value === 'wait' ? 'wait' : 'nudge')
        }
      >
        <FormControlLabel
          value="nudge"
          disabled={props.disabled}
          control={<Radio color="primary" />}
          label={t('follow.nudge')}
        />
        <FormControlLabel
          value="wait"
          disabled={props.disabled}
          control={<Radio color="primary" />}
          label={t('follow.wait')}
        />
      </RadioGroup>
    </FormControl>
  );
}
