import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { type Clock, isoTime } from '../database/clock';
import type { AuditIntegrity } from './AuditIntegrity';
import type { AuditLog } from './AuditLog';
import { canonicalJson } from './chain';

/** Signed end of the chain at a time. It proves later which record was the last one. */
export interface Checkpoint {
  kind: 'acr-cmk-audit-checkpoint';
  /** Number and hash of the last record. */
  seq: number;
  hash: string;
  /** Number of records. */
  count: number;
  /** ISO 8601. */
  at: string;
  /** Ids of the first breaks that the chain had; absent where it was intact. */
  breaks?: string[];
  /** Number of breaks beyond `breaks`; absent where there were none. */
  furtherBreaks?: number;
  /** Id of the key: the first 16 hex digits of the SHA-256 of its public part (SPKI, DER). */
  keyId: string;
  /** Ed25519, in base64, over the canonical JSON (RFC 8785) of everything else. */
  signature: string;
}

/** The name of a key, by which a checkpoint says what it was signed with. */
export function keyIdOf(key: KeyObject): string {
  const der = (
    key.type === 'private' ? createPublicKey(key as never) : key
  ).export({
    type: 'spki',
    format: 'der',
  });
  return createHash('sha256').update(der).digest('hex').slice(0, 16);
}

export function signCheckpoint(
  {
    seq,
    hash,
    count,
    at,
    breaks,
    furtherBreaks,
  }: Omit<Checkpoint, 'kind' | 'keyId' | 'signature'>,
  signingKey: KeyObject,
): Checkpoint {
  const unsigned = {
    kind: 'acr-cmk-audit-checkpoint' as const,
    seq,
    hash,
    count,
    at,
    ...(breaks?.length && { breaks }),
    ...(furtherBreaks && { furtherBreaks }),
    keyId: keyIdOf(signingKey),
  };
  const signature = sign(
    null,
    Buffer.from(canonicalJson(unsigned)),
    signingKey,
  );
  return { ...unsigned, signature: signature.toString('base64') };
}

interface CheckpointWriterDeps {
  audit: AuditLog;
  integrity: Pick<
    AuditIntegrity,
    'verify' | 'isVerified' | 'breaks' | 'furtherBreaks'
  >;
  clock: Clock;
  signingKey: KeyObject;
  publish(checkpoint: Checkpoint): Promise<void>;
}

/** Signs the end of the chain and gives it to somebody who does not depend on the database. */
export class CheckpointWriter {
  readonly #deps: CheckpointWriterDeps;

  constructor(deps: CheckpointWriterDeps) {
    this.#deps = deps;
  }

  /**
   * Writes a checkpoint, once the chain is verified. It names the breaks, because a signature must not make damage look
   * right.
   */
  async write(): Promise<Checkpoint | undefined> {
    const { integrity } = this.#deps;
    await integrity.verify();
    if (!integrity.isVerified) return undefined;
    const head = await this.#deps.audit.head();
    if (!head) return undefined;
    const checkpoint = signCheckpoint(
      {
        ...head,
        count: await this.#deps.audit.count({ upToSeq: head.seq }),
        at: isoTime(await this.#deps.clock.now()),
        breaks: integrity.breaks.map(({ id }) => id),
        furtherBreaks: integrity.furtherBreaks,
      },
      this.#deps.signingKey,
    );
    await this.#deps.publish(checkpoint);
    return checkpoint;
  }
}
