import Typography from '@material-ui/core/Typography';
import {
  InvalidInput,
  isHsmName,
  isKeyName,
  isVaultName,
  KeyIdentifier,
} from 'backstage-plugin-acr-cmk-common';
import { useId, type ReactNode } from 'react';
import { dataOf } from '../../hooks/loaded';
import { useKeys, useVaults } from '../../hooks/useFormOptions';
import { useTexts } from '../../translations/ref';
import { checkStyles, Status } from '../shared/statusStyles';
import { Picker, type PickerOption } from '../shared/Picker';
import { RadioChoice } from '../shared/RadioChoice';
import { SelectField } from '../shared/SelectField';
import { shortVersion } from '../shared/shortVersion';
import { Stack } from '../shared/Stack';
import { TextInput } from '../shared/TextInput';
import { ListProblem } from './ListProblem';
import { answerTo, type QuestionProps } from './question';
import { vaultQuestion } from '../shared/keyHome';
import { keyOption, vaultOption } from '../shared/keyOptions';
import { namedStyles } from '../shared/styles';

const useStyles = namedStyles('KeyQuestions', theme => ({
  title: { fontWeight: 700, marginBottom: -theme.spacing(0.5) },
}));

/** An existing key: selected from the lists, or by its URI. */
export function ExistingKeyChoice(props: QuestionProps) {
  const { entityRef, registry, answers, disabled, onAnswers } = props;
  const t = useTexts();
  const key = KeyIdentifier.tryParse(answers.keyUri.trim());
  const vaultName = answers.vaultName.trim().toLowerCase();
  const keys = useKeys(isVaultName(vaultName) ? vaultName : undefined, {
    entityRef,
    registryId: registry.registryId,
  });
  const options: PickerOption[] =
    dataOf(keys)?.items.map(choice => keyOption(t, choice)) ?? [];
  return (
    <Fields title={t('keyChoice.title')}>
      <VaultPicker
        {...props}
        onPick={picked => onAnswers({ vaultName: picked, keyUri: '' })}
      />
      <Picker
        label={t('key.title')}
        value={key?.versionless.toString() ?? ''}
        options={options}
        loading={keys.status === 'loading'}
        disabled={disabled || !isVaultName(vaultName)}
        help={
          isVaultName(vaultName) ? (
            <ListProblem of={keys} />
          ) : (
            t('keyChoice.vaultFirst')
          )
        }
        onChange={keyUri => onAnswers({ keyUri })}
      />
      <KeyUriField {...props} />
    </Fields>
  );
}

/** The fields of a key, with their title. */
function Fields(props: { title: string; children: ReactNode }) {
  const classes = useStyles();
  const titleId = useId();
  return (
    <Stack role="group" aria-labelledby={titleId} gap={2}>
      <Typography
        id={titleId}
        component="div"
        variant="subtitle1"
        className={classes.title}
      >
        {props.title}
      </Typography>
      {props.children}
    </Stack>
  );
}

/** The URI is what counts; it is validated while it is typed. */
function KeyUriField({ answers, disabled, onAnswers }: QuestionProps) {
  const t = useTexts();
  const text = answers.keyUri.trim();
  const read = readKeyUri(text);
  return (
    <TextInput
      label={t('key.uri')}
      value={answers.keyUri}
      onChange={keyUri => {
        const vaultName = KeyIdentifier.tryParse(keyUri.trim())?.vaultName;
        onAnswers({ keyUri, ...(vaultName && { vaultName }) });
      }}
      placeholder="https://vault.vault.azure.net/keys/key"
      error={read.problem !== undefined}
      helperText={<KeyUriVerdict named={read.key} problem={read.problem} />}
      FormHelperTextProps={{ component: 'div' } as {}}
      disabled={disabled}
      multiline
      exact
    />
  );
}

function readKeyUri(text: string): { key?: KeyIdentifier; problem?: string } {
  if (text === '') return {};
  try {
    return { key: KeyIdentifier.parse(text, '') };
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return { problem: error.message.replace(/^: /, '') };
  }
}

function KeyUriVerdict(props: { named?: KeyIdentifier; problem?: string }) {
  const { named, problem } = props;
  const t = useTexts();
  if (problem) return <>{problem}</>;
  if (!named) return <>{t('keyChoice.uriHelp')}</>;
  return (
    <>
      <Status statusStyle={checkStyles.pass}>
        {t('keyChoice.wellFormed')}
      </Status>{' '}
      {named.version
        ? t('keyChoice.staysOn', { version: shortVersion(named.version) })
        : t('keyChoice.follows')}
    </>
  );
}

const KEY_SIZES = [2048, 3072, 4096] as const;
const SIZES = { 2048: '2048', 3072: '3072', 4096: '4096' } as const;

/** A key that is to be created. */
export function NewKeyFields(props: QuestionProps) {
  const { answers, registry, disabled, onAnswers } = props;
  const t = useTexts();
  const current = registry.key?.known ? registry.key : undefined;
  const nameIsWrong = answers.keyName !== '' && !isKeyName(answers.keyName);
  const inHsm = isHsmName(answers.vaultName.trim());
  return (
    <Fields title={t('rotate.new-key.title')}>
      <VaultPicker {...props} onPick={vaultName => onAnswers({ vaultName })} />
      <TextInput
        {...answerTo(props, 'keyName')}
        label={t('newKey.name')}
        error={nameIsWrong}
        helperText={t('newKey.nameHelp')}
        exact
      />
      <Stack gap={2} minColumnWidth="9em">
        <SelectField
          label={t('key.type')}
          value={inHsm ? 'RSA-HSM' : (answers.keyType ?? '')}
          disabled={disabled}
          onChange={keyType => onAnswers({ keyType: keyType || undefined })}
          options={[
            ...(inHsm
              ? []
              : ([
                  {
                    value: '',
                    text: current?.type
                      ? t('newKey.asNow', { now: current.type })
                      : t('newKey.asTheCurrent'),
                  },
                  { value: 'RSA', text: 'RSA' },
                ] as const)),
            { value: 'RSA-HSM', text: 'RSA-HSM' },
          ]}
        />
        <SelectField
          label={t('newKey.size')}
          value={answers.keySize ? SIZES[answers.keySize] : ''}
          disabled={disabled}
          onChange={chosen =>
            onAnswers({
              keySize: KEY_SIZES.find(size => SIZES[size] === chosen),
            })
          }
          options={[
            {
              value: '',
              text: current?.size
                ? t('newKey.asNow', {
                    now: t('key.bits', { size: String(current.size) }),
                  })
                : t('newKey.asTheCurrent'),
            },
            ...KEY_SIZES.map(size => ({
              value: SIZES[size],
              text: t('key.bits', { size: SIZES[size] }),
            })),
          ]}
        />
      </Stack>
      <RadioChoice
        {...answerTo(props, 'newKeyMode')}
        question={t('key.mode')}
        options={(['automatic', 'manual'] as const).map(mode => ({
          value: mode,
          title: t(`modeChoice.${mode}`),
        }))}
      />
    </Fields>
  );
}

function VaultPicker(
  props: QuestionProps & { onPick(vaultName: string): void },
) {
  const { entityRef, registry, answers, disabled } = props;
  const t = useTexts();
  const vaults = useVaults({ entityRef, registryId: registry.registryId });
  const options =
    dataOf(vaults)?.items.map(vault => vaultOption(t, vault)) ?? [];
  const wrong =
    answers.vaultName.trim() !== '' && !isVaultName(answers.vaultName.trim());
  return (
    <Picker
      label={vaultQuestion(
        t,
        options.map(({ value }) => value),
      )}
      value={answers.vaultName}
      options={options}
      anyText
      loading={vaults.status === 'loading'}
      disabled={disabled}
      error={wrong}
      help={
        wrong ? t('keyChoice.notAVault') : <ListProblem of={vaults} mayType />
      }
      onChange={props.onPick}
    />
  );
}
