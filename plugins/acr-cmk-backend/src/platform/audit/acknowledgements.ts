import { type KeyObject, verify } from 'node:crypto';
import { keyIdOf } from './checkpoints';
import { canonicalJson } from './chain';

/** Statement of a person that breaks are known, as `acr-cmk-audit acknowledge` signs it. */
interface Acknowledgement {
  kind: 'acr-cmk-audit-acknowledgement';
  /** Ids of the breaks. */
  breaks: string[];
  reason: string;
  /** ISO 8601. */
  at: string;
  /** Ed25519, in base64, over the canonical JSON (RFC 8785) of everything else. */
  signature: string;
}

/** `acrCmk.audit.acknowledgements`, checked. */
export interface AcknowledgementsConfig {
  publicKey: KeyObject;
  /** One acknowledgement each, in JSON. */
  signed: readonly string[];
}

/**
 * Ids of the breaks that are acknowledged. An acknowledgement that is not signed with the key counts for
 * nothing.
 *
 * @param options.signingKey - of checkpoints, which is in the portal's configuration, so it cannot acknowledge
 * @param options.onInvalid - reports one that does not count
 */
export function acknowledgedBreaks(
  { publicKey, signed }: AcknowledgementsConfig,
  options: { signingKey?: KeyObject; onInvalid: (message: string) => void },
): Set<string> {
  const { signingKey, onInvalid } = options;
  if (signingKey && keyIdOf(signingKey) === keyIdOf(publicKey)) {
    onInvalid(
      'acrCmk.audit.acknowledgements.publicKey belongs to the key that signs checkpoints. Acknowledge with a key that is not in the configuration',
    );
    return new Set();
  }
  return new Set(
    signed.flatMap((text, index) => {
      const acknowledged = breaksOf(text, publicKey);
      if (!acknowledged) {
        onInvalid(
          `acrCmk.audit.acknowledgements.signed[${index}] is not an acknowledgement that this key has signed. Make it with acr-cmk-audit acknowledge`,
        );
      }
      return acknowledged ?? [];
    }),
  );
}

function breaksOf(text: string, publicKey: KeyObject): string[] | undefined {
  try {
    const { signature, ...unsigned } = JSON.parse(text) as Acknowledgement;
    const isSigned = verify(
      null,
      Buffer.from(canonicalJson(unsigned)),
      publicKey,
      Buffer.from(signature, 'base64'),
    );
    return isSigned && unsigned.kind === 'acr-cmk-audit-acknowledgement'
      ? unsigned.breaks
      : undefined;
  } catch {
    return undefined;
  }
}
