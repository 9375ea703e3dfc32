/** The primes of xxHash64. */
const P1 = 0x9e3779b185ebca87n;
const P2 = 0xc2b2ae3d27d4eb4fn;
const P3 = 0x165667b19e3779f9n;
const P4 = 0x85ebca77c2b2ae63n;
const P5 = 0x27d4eb2f165667c5n;

const STRIPE = 32;

const u64 = (value: bigint) => BigInt.asUintN(64, value);
const rotate = (value: bigint, by: bigint) =>
  u64((value << by) | (value >> (64n - by)));
const round = (sum: bigint, lane: bigint) =>
  u64(rotate(u64(sum + lane * P2), 31n) * P1);
const merge = (sum: bigint, lane: bigint) =>
  u64((sum ^ round(0n, lane)) * P1 + P4);

/** xxHash64 with seed 0, which is what `hash()` of KQL is. The result is a signed 64-bit integer, as KQL's `long` is. */
export function xxHash64(text: string): bigint {
  const bytes = Buffer.from(text, 'utf8');
  let at = 0;
  let sum: bigint;
  if (bytes.length >= STRIPE) {
    const lanes = [u64(P1 + P2), P2, 0n, u64(-P1)];
    for (; at + STRIPE <= bytes.length; at += STRIPE) {
      for (let lane = 0; lane < lanes.length; lane++) {
        lanes[lane] = round(lanes[lane], bytes.readBigUInt64LE(at + lane * 8));
      }
    }
    const [a, b, c, d] = lanes;
    sum = u64(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n));
    sum = lanes.reduce(merge, sum);
  } else {
    sum = P5;
  }
  sum = u64(sum + BigInt(bytes.length));
  for (; at + 8 <= bytes.length; at += 8) {
    const lane = round(0n, bytes.readBigUInt64LE(at));
    sum = u64(rotate(sum ^ lane, 27n) * P1 + P4);
  }
  if (at + 4 <= bytes.length) {
    const word = BigInt(bytes.readUInt32LE(at));
    sum = u64(rotate(sum ^ u64(word * P1), 23n) * P2 + P3);
    at += 4;
  }
  for (; at < bytes.length; at++) {
    sum = u64(rotate(sum ^ u64(BigInt(bytes[at]) * P5), 11n) * P1);
  }
  sum = u64((sum ^ (sum >> 33n)) * P2);
  sum = u64((sum ^ (sum >> 29n)) * P3);
  return BigInt.asIntN(64, sum ^ (sum >> 32n));
}

/** KQL's `%`: the smallest number that is not negative. */
export function modulo(value: bigint, by: bigint): number {
  const size = by < 0n ? -by : by;
  return Number(((value % size) + size) % size);
}

const hashes = new Map<string, bigint>();
const KEPT = 50_000;

/** The hash of a resource's id in lower case. Kept by id: a sweep by partitions asks for all of them again and again. */
export function hashOfId(id: string): bigint {
  const known = hashes.get(id);
  if (known !== undefined) return known;
  if (hashes.size >= KEPT) hashes.clear();
  const hash = xxHash64(id.toLowerCase());
  hashes.set(id, hash);
  return hash;
}
