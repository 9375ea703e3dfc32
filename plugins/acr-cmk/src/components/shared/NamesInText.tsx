import { Fragment } from 'react';
import { EntityName } from './EntityName';

/** References of people and groups, such as `user:default/priya`. */
const REF = /\b((?:user|group):[\w.-]+\/[\w.-]*\w)/;

/** A text of the backend, with links in place of the references of people and groups. */
export function NamesInText({ children }: { children: string }) {
  return (
    <>
      {children.split(REF).map((part, index) => (
        <Fragment key={index}>
          {index % 2 === 1 ? <EntityName entityRef={part} /> : part}
        </Fragment>
      ))}
    </>
  );
}
