// The first 128 bits of powers of five, which are those of powers of ten, made once as the first is
// asked for: 16 bytes each, the upper half before the lower one. Those of positive powers are cut
// off; so are those of negative ones, but for the first 27, which are rounded up, as ties ask for.

/** The least power of ten that is kept. */
export const POWER_MIN: i32 = -342;
/** The greatest one. */
export const POWER_MAX: i32 = 308;

/** Limbs of 32 bits, the lowest one first: room for 5^308 with 128 bits behind it, or for 2^1152. */
const LIMBS: usize = 37;
const EXACT_RECIPROCALS: i32 = 27;

const powers = memory.data(10416, 16);
const limbs = memory.data(148, 8);

let made: bool = false;

/** The address of a power's bits. */
@inline
export function powerAt(power: i32): usize {
  if (!made) makePowers();
  return powers + (usize(power - POWER_MIN) << 4);
}

function makePowers(): void {
  made = true;
  // 2^128, so that 128 bits can be taken from the first power on.
  setLimb(4);
  for (let power: i32 = 0; power <= POWER_MAX; power++) {
    putPower(power, 0);
    multiplyBy5();
  }
  setLimb(LIMBS - 1);
  for (let power: i32 = -1; power >= POWER_MIN; power--) {
    divideBy5();
    putPower(power, u64(power >= -EXACT_RECIPROCALS));
  }
}

/** Makes the number a power of two: one in that limb, zero in all others. */
function setLimb(index: usize): void {
  memory.fill(limbs, 0, LIMBS * 4);
  store<u32>(limbs + (index << 2), 1);
}

function multiplyBy5(): void {
  let carry: u64 = 0;
  for (let at = limbs; at < limbs + LIMBS * 4; at += 4) {
    carry += (load<u32>(at) as u64) * 5;
    store<u32>(at, carry as u32);
    carry >>>= 32;
  }
}

function divideBy5(): void {
  let rest: u64 = 0;
  for (let at = limbs + LIMBS * 4; at > limbs;) {
    at -= 4;
    rest = (rest << 32) | load<u32>(at);
    store<u32>(at, (rest / 5) as u32);
    rest %= 5;
  }
}

/** Keeps the first 128 bits of the number, plus `more`. */
function putPower(power: i32, more: u64): void {
  let top = limbs + (LIMBS - 1) * 4;
  while (load<u32>(top) == 0) top -= 4;
  const zeros = clz(load<u32>(top)) as u64;
  const upper = load<u64>(top - 4);
  const middle = load<u64>(top - 12);
  const lower = load<u32>(top - 16) as u64;
  const at = powers + (usize(power - POWER_MIN) << 4);
  const low = ((middle << zeros) | (lower >>> (32 - zeros))) + more;
  const carry = u64(more != 0 && low == 0);
  store<u64>(at, ((upper << zeros) | ((middle >>> 1) >>> (63 - zeros))) + carry);
  store<u64>(at, low, 8);
}
