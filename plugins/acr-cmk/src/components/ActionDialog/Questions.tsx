import { makeStyles } from '@material-ui/core/styles';
import { assertNever, type ActionId } from 'backstage-plugin-acr-cmk-common';
import { questionsOf, type Question } from './intents';
import type { QuestionProps } from './question';
import { AlsoIdentity, GrantAccess, IdentityChoice } from './IdentityQuestions';
import { ExistingKeyChoice, NewKeyFields } from './KeyQuestions';
import {
  FirstPolicyField,
  RotationChoice,
  RotationPolicyFields,
} from './AutomaticRotationQuestions';
import { RevokeMethodChoice, TimerChoice } from './RevokeQuestions';
import { VersionChoice } from './RetireQuestions';
import {
  FollowChoice,
  ModeChoice,
  RotateMethodChoice,
} from './RotateQuestions';
import { stack } from '../shared/styles';

const useStyles = makeStyles(
  theme => ({
    root: {
      ...stack(theme, 2.5),
      alignContent: 'start',
    },
  }),
  { name: 'AcrCmkQuestions' },
);

/** The questions of the form, one below the other. */
export function Questions(props: QuestionProps & { action: ActionId }) {
  const { action, registry, answers } = props;
  const classes = useStyles();
  return (
    <div className={classes.root}>
      {questionsOf(action, registry, answers).map(question => (
        <QuestionField key={question} question={question} {...props} />
      ))}
    </div>
  );
}

function QuestionField({
  question,
  ...props
}: QuestionProps & { question: Question }) {
  switch (question) {
    case 'rotate-method':
      return <RotateMethodChoice {...props} />;
    case 'follow':
      return <FollowChoice {...props} />;
    case 'first-policy':
      return <FirstPolicyField {...props} />;
    case 'mode':
      return <ModeChoice {...props} />;
    case 'key':
      return <ExistingKeyChoice {...props} />;
    case 'new-key':
      return <NewKeyFields {...props} />;
    case 'also-identity':
      return <AlsoIdentity {...props} />;
    case 'identity':
      return <IdentityChoice {...props} />;
    case 'grant-access':
      return <GrantAccess {...props} />;
    case 'rotation':
      return <RotationChoice {...props} />;
    case 'rotation-policy':
      return <RotationPolicyFields {...props} />;
    case 'revoke-method':
      return <RevokeMethodChoice {...props} />;
    case 'timer':
      return <TimerChoice {...props} />;
    case 'version':
      return <VersionChoice {...props} />;
    default:
      return assertNever(question);
  }
}
