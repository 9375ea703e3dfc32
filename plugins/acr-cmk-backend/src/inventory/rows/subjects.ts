/** Subjects of queued keys and access paths: their primary keys as text. Those of other kinds are ARM ids. */
import type { AccessRow, KeyRow } from '../../platform/database/tables';

export type KeyPlace = Pick<KeyRow, 'vault_host' | 'name'>;
export type AccessPlace = Pick<
  AccessRow,
  'principal_id' | 'vault_host' | 'key_name'
>;

export const subjectOfKey = ({ vault_host, name }: KeyPlace): string =>
  `${vault_host}/${name}`;

export const subjectOfAccess = ({
  principal_id,
  vault_host,
  key_name,
}: AccessPlace): string => `${principal_id} ${vault_host}/${key_name}`;

export function keyOfSubject(subject: string): KeyPlace | undefined {
  const [, vault_host, name] = /^([^ /]+)\/([^ /]+)$/.exec(subject) ?? [];
  return name === undefined ? undefined : { vault_host, name };
}

export function accessOfSubject(subject: string): AccessPlace | undefined {
  const [, principal_id, vault_host, key_name] =
    /^([^ /]+) ([^ /]+)\/([^ /]+)$/.exec(subject) ?? [];
  return key_name === undefined
    ? undefined
    : { principal_id, vault_host, key_name };
}
