import IconButton from '@material-ui/core/IconButton';
import Checkbox from '@material-ui/core/Checkbox';
import Menu from '@material-ui/core/Menu';
import MenuItem from '@material-ui/core/MenuItem';
import ViewColumnIcon from '@material-ui/icons/ViewColumn';
import { useState } from 'react';
import { useFleetTexts } from '../../translations/fleet';
import { FLEET_COLUMNS, type Column } from './fleetColumns';
import { COLUMNS } from './fleetSearch';

/** Menu of the table's columns. */
export function ColumnsMenu(props: {
  columns: readonly Column[];
  onChange(columns: Column[]): void;
}) {
  const { columns, onChange } = props;
  const t = useFleetTexts();
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <IconButton
        size="small"
        aria-label={t('columns')}
        title={t('columns')}
        aria-haspopup="menu"
        onClick={event => setAnchor(event.currentTarget)}
      >
        <ViewColumnIcon />
      </IconButton>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
      >
        {FLEET_COLUMNS.filter(({ shown }) => shown !== 'always').map(
          ({ id }) => {
            const isShown = columns.includes(id);
            return (
              <MenuItem
                key={id}
                dense
                role="menuitemcheckbox"
                aria-checked={isShown}
                onClick={() =>
                  onChange(
                    COLUMNS.filter(other =>
                      other === id ? !isShown : columns.includes(other),
                    ),
                  )
                }
              >
                <Checkbox
                  checked={isShown}
                  size="small"
                  edge="start"
                  tabIndex={-1}
                  inputProps={{ 'aria-hidden': true }}
                />
                {t(`column.${id}`)}
              </MenuItem>
            );
          },
        )}
      </Menu>
    </>
  );
}
