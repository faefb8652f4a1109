// Runs of decimal digits by value, eight at a time; each function may read 8 bytes from where the run
// begins, and as many behind it.

/** Powers of ten up to the highest one that 64 bits hold. */
const powers = memory.data<u64>([
  1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000,
  10_000_000_000, 100_000_000_000, 1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000,
  1_000_000_000_000_000, 10_000_000_000_000_000, 100_000_000_000_000_000,
  1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
]);

/** Ten to a power from 0 to 19. */
@inline
export function powerOfTen(power: usize): u64 {
  return load<u64>(powers + (power << 3));
}

/** The number that 1 to 19 digits make. */
@inline
export function numberOf(at: usize, count: usize): u64 {
  return count <= 8 ? lastDigits(at, count) : longNumberOf(at, count);
}

function longNumberOf(at: usize, count: usize): u64 {
  const tail = eightDigits(load<u64>(at + count - 8));
  if (count <= 16) return lastDigits(at, count - 8) * 100_000_000 + tail;
  const middle = eightDigits(load<u64>(at + count - 16));
  return lastDigits(at, count - 16) * 10_000_000_000_000_000 + middle * 100_000_000 + tail;
}

/** The number that the 1 to 8 digits at `at` make: shifted up, until nothing stands behind them. */
@inline
function lastDigits(at: usize, count: usize): u64 {
  const shift = (64 - (count << 3)) as u64;
  return eightDigits((load<u64>(at) << shift) | (0x3030303030303030 & ~((-1 as u64) << shift)));
}

/** The number that eight digits make, the first one in the lowest byte. */
@inline
function eightDigits(characters: u64): u64 {
  const digits = characters & 0x0f0f0f0f0f0f0f0f;
  const pairs = (digits * 10 + (digits >> 8)) & 0x00ff00ff00ff00ff;
  const fours = (pairs * 100 + (pairs >> 16)) & 0x0000ffff0000ffff;
  return ((fours as u32) as u64) * 10_000 + (fours >> 32);
}

/** The number that four digits make, the first one in the lowest byte. */
@inline
export function fourDigits(characters: u32): u32 {
  const digits = characters & 0x0f0f0f0f;
  const pairs = (digits * 10 + (digits >> 8)) & 0x00ff00ff;
  return (pairs * 100 + (pairs >> 16)) & 0xffff;
}

/** An integer in plain digits, within 64 bits. */
@inline
export function integerOf(from: usize, to: usize): i64 {
  const negative = usize(load<u8>(from) == 0x2d);
  const first = from + negative;
  const value = numberOf(first, to - first);
  return negative != 0 ? 0 - (value as i64) : value as i64;
}
