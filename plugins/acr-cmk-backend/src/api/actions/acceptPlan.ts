import { type Intent } from 'backstage-plugin-acr-cmk-common';
import type { ActionDeps } from './deps';
import { acceptedPlan, operationOutput, toOutput } from './schema';

const EXAMPLE_PLAN = '2b0c8f8e-6f0e-4d43-9f0a-0d9a4f5b7a10';

interface AcceptAction {
  intent: Intent['kind'];
  name: string;
  title: string;
  /** Effect, then when to use it. */
  description: string;
  destructive: boolean;
  example: { title: string; reason: string };
}

const ACTIONS: readonly AcceptAction[] = [
  {
    intent: 'rotate',
    name: 'accept-rotate-plan',
    title: 'Accept a plan to rotate the key of a container registry',
    description: `Carries out a plan of the intent "rotate": the registry switches to a new version, another key, another mode or another identity, as the plan says.

Use it only after plan-key-operation, with the id and the hash of its answer, and after the person has read that plan and agreed. It answers as soon as the operation is durable; follow it with get-key-operation. Asking twice with the same plan begins one operation. It is refused when the facts behind the plan have changed (PLAN_DRIFTED): create a new plan then.`,
    // Nothing is lost by it, but it replaces what the registry is set to, and MCP calls only
    // additions not destructive.
    destructive: true,
    example: { title: 'Carry a rotation out', reason: 'Quarterly rotation' },
  },
  {
    intent: 'automatic-rotation',
    name: 'accept-automatic-rotation-plan',
    title: 'Accept a plan for automatic rotation of a container registry',
    description: `Carries out a plan of the intent "automatic-rotation": the vault's rotation policy of the registry's key changes, and the registry follows new versions or not, as the plan says.

Use it only after plan-key-operation with {"kind":"automatic-rotation", ...}, with the id and the hash of its answer, and after the person has read that plan and agreed: the policy holds for every registry that uses the key. Follow it with get-key-operation. Asking twice with the same plan begins one operation.`,
    // It replaces the policy that was there.
    destructive: true,
    example: {
      title: 'Set up automatic rotation',
      reason: 'Keys rotate every quarter',
    },
  },
  {
    intent: 'restore',
    name: 'accept-restore-plan',
    title: 'Accept a plan to restore the key access of a container registry',
    description: `Carries out a plan of the intent "restore": the exact inverse of a revoke. Pulls and pushes work again after it; Azure gives no time for that.

Use it only after plan-key-operation with {"kind":"restore"}, with the id and the hash of its answer, and after the person has read that plan and agreed: somebody had a reason to revoke. Follow it with get-key-operation. Asking twice with the same plan begins one operation.`,
    // It only adds: a grant, an enabled version, a recovered key.
    destructive: false,
    example: { title: 'Undo a revoke', reason: 'The incident is over' },
  },
  {
    intent: 'revoke',
    name: 'accept-revoke-plan',
    title:
      "Ask for a plan to revoke a container registry's access to its key to be carried out",
    description: `Asks for a plan of the intent "revoke" to be carried out: the registry loses access to its key, and every pull and push is refused until accept-restore-plan.

Use it in an emergency only, when a person asks for exactly this, after plan-key-operation with {"kind":"revoke"}, and after the person has read which registries it affects. A second person has to approve it on the registry's Encryption tab and types the registry's name there, which no program can. Follow it with get-key-operation.`,
    destructive: true,
    example: {
      title: 'Stop every pull',
      reason: 'Credentials of the build were stolen',
    },
  },
];

/** Registers the actions that carry a plan out, one for each intent; revoke only if it is switched on. */
export function registerAcceptActions(deps: ActionDeps): void {
  for (const action of ACTIONS) {
    if (action.intent !== 'revoke' || deps.revokes) register(action, deps);
  }
}

function register(
  { intent, name, title, description, destructive, example }: AcceptAction,
  { registry, services, person }: ActionDeps,
): void {
  const { reason } = example;
  registry.register({
    name,
    title,
    description: `${description}

Example: {"planId":"${EXAMPLE_PLAN}","planHash":"<64 hex digits>","reason":"${reason}"}`,
    attributes: { readOnly: false, destructive, idempotent: true },
    examples: [
      {
        title: example.title,
        input: { planId: EXAMPLE_PLAN, planHash: '0'.repeat(64), reason },
      },
    ],
    schema: {
      input: z => z.object(acceptedPlan(z)).strict(),
      output: operationOutput,
    },
    async action({ input, credentials }) {
      const operation = await services.acceptance.accept(
        {
          ...input,
          intent,
          // Asked twice, it is the same operation.
          idempotencyKey: `action-${input.planId}`,
        },
        { credentials: person(credentials), origin: 'program' },
      );
      return { output: toOutput(operation) };
    },
  });
}
