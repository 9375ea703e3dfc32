import {
  assignment,
  guid,
  guidOf,
  login,
  newAssignment,
  type RefusalRequest,
} from './requests';

/** What is refused about roles, and when signing in. */
export const OF_RIGHTS: RefusalRequest[] = [
  {
    name: 'authorization.exists',
    ask: lab =>
      newAssignment(lab, guid(), { principalId: lab.caller.objectId }),
  },
  {
    name: 'authorization.principalNotFound',
    ask: lab =>
      newAssignment(lab, guid(), { principalId: guidOf(lab.names.runId) }),
    values: ({ names, caller }) => ({
      objectId: guidOf(names.runId).replaceAll('-', ''),
      tenant: caller.tenantId,
    }),
  },
  {
    name: 'authorization.roleNotFound',
    ask: lab =>
      newAssignment(lab, guid(), {
        principalId: lab.caller.objectId,
        role: guidOf(lab.names.runId),
      }),
  },
  {
    name: 'authorization.assignmentNotFound',
    ask: lab => lab.azure.arm('GET', assignment(lab, guidOf(lab.names.runId))),
    values: ({ names }) => ({ assignment: guidOf(names.runId) }),
  },
  {
    name: 'authorization.invalidId',
    ask: lab =>
      newAssignment(lab, 'nonsense', { principalId: lab.caller.objectId }),
    values: () => ({ assignment: 'nonsense' }),
  },

  {
    name: 'entra.noSuchTenant',
    ask: lab => login(lab, guidOf(lab.names.runId), guid()),
    values: ({ names }) => ({ tenant: guidOf(names.runId) }),
  },
  {
    name: 'entra.noSuchClient',
    ask: lab => login(lab, lab.caller.tenantId, guidOf(lab.names.runId)),
    values: ({ names, caller }) => ({
      clientId: guidOf(names.runId),
      tenant: caller.tenantId,
    }),
  },
];
