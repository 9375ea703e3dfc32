import { useTranslationRef } from '@backstage/frontend-plugin-api';
import Button from '@material-ui/core/Button';
import Checkbox from '@material-ui/core/Checkbox';
import Menu from '@material-ui/core/Menu';
import MenuItem from '@material-ui/core/MenuItem';
import ViewColumnIcon from '@material-ui/icons/ViewColumn';
import { useState } from 'react';
import { acrCmkFleetTranslationRef } from '../../translations/fleet';
import { COLUMNS, FIXED, type Column } from './fleetSearch';

/** Which columns the table has. */
export function ColumnsMenu(props: {
  columns: readonly Column[];
  onChange(columns: Column[]): void;
}) {
  const { columns, onChange } = props;
  const { t } = useTranslationRef(acrCmkFleetTranslationRef);
  const [anchor, setAnchor] = useState<HTMLElement | null>(null);
  return (
    <>
      <Button
        variant="outlined"
        size="small"
        startIcon={<ViewColumnIcon />}
        aria-haspopup="menu"
        onClick={event => setAnchor(event.currentTarget)}
      >
        {t('columns')}
      </Button>
      <Menu
        anchorEl={anchor}
        open={anchor !== null}
        onClose={() => setAnchor(null)}
      >
        {COLUMNS.filter(column => !FIXED.includes(column)).map(column => {
          const shown = columns.includes(column);
          return (
            <MenuItem
              key={column}
              dense
              role="menuitemcheckbox"
              aria-checked={shown}
              onClick={() =>
                onChange(
                  COLUMNS.filter(other =>
                    other === column ? !shown : columns.includes(other),
                  ),
                )
              }
            >
              <Checkbox
                checked={shown}
                size="small"
                edge="start"
                tabIndex={-1}
                inputProps={{ 'aria-hidden': true }}
              />
              {t(`column.${column}`)}
            </MenuItem>
          );
        })}
      </Menu>
    </>
  );
}
