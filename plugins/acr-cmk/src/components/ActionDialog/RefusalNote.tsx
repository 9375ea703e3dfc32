import Button from '@material-ui/core/Button';
import type { Refusal } from '../../hooks/refusal';
import { useTexts } from '../../translations/ref';
import { Note } from '../shared/Note';
import { useExplainPermissions } from '../shared/permissions';
import { checkStyles } from '../shared/statusStyles';
import { namedStyles } from '../shared/styles';
import { isPlanField } from './planFields';

const useStyles = namedStyles('RefusalNote', theme => ({
  list: { margin: theme.spacing(0.5, 0), paddingLeft: theme.spacing(3) },
}));

/** Reason why the backend did not accept, and what to do next. */
export function RefusalNote(props: { refusal: Refusal; onReplan?(): void }) {
  const { refusal, onReplan } = props;
  const classes = useStyles();
  const t = useTexts();
  const explain = useExplainPermissions();
  return (
    <Note
      statusStyle={checkStyles.fail}
      role="alert"
      action={
        // A new plan does not correct an input.
        onReplan &&
        refusal.field === undefined && (
          <Button size="small" variant="outlined" onClick={onReplan}>
            {t('plan.again')}
          </Button>
        )
      }
    >
      {refusal.unanswered
        ? t('plan.unanswered', { message: refusal.message })
        : explain(refusal.problem)}
      {refusal.changes.length > 0 && (
        <ul className={classes.list}>
          {refusal.changes.map(change => (
            <li key={change.field}>
              {t('plan.changed', {
                field: isPlanField(change.field)
                  ? t(`plan.fields.${change.field}`)
                  : change.field,
                shown: change.shown,
                now: change.now,
              })}
            </li>
          ))}
        </ul>
      )}
    </Note>
  );
}
