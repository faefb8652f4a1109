// The linear memory: regions one behind the other, laid again for each encoder.
//
// - Nothing in it outlives one call from outside but what the caller writes again.
// - Behind every region lie SLACK bytes that may be read and overwritten: reading and writing in
//   blocks of 16 bytes may overshoot by up to SLACK.
// - Behind the input stand SLACK bytes of zero. They end every string, number and record, so that
//   readers need no other bound.

/** Bytes behind each region that blocks may overshoot into. */
export const SLACK: u32 = 64;

/** The table of columns; see column.ts. */
export let columnsAt: usize = 0;
/** The bytes of all keys; see column.ts. */
export let keysAt: usize = 0;
/** A hash table of keys; see keys.ts. */
export let slotsAt: usize = 0;
/** What the record format needs besides: for CSV the column of each field and the text of NULL. */
export let formatAt: usize = 0;
/** Starts of the cells of one record, u32 each; see spans.ts. */
export let startsAt: usize = 0;
/** Ends of the cells of one record, u32 each. */
export let endsAt: usize = 0;
/** Kinds of the cells of one record, u8 each. */
export let kindsAt: usize = 0;
/** Offsets of the slice's records within the batch, u32 each, and where the last one ends. */
export let offsetsAt: usize = 0;
/** What the hash is where each record of a slice begins, u16 each; see xxh64.ts. */
export let marksAt: usize = 0;
/** The records of the slice. */
export let inputAt: usize = 0;
/** What is written. */
export let outputAt: usize = 0;
/** Where the output ends: blocks may overshoot it by SLACK. */
export let outputEnd: usize = 0;
/** Room for the text of one cell, as large as the input. */
export let scratchAt: usize = 0;

function align(at: usize): usize {
  return (at + 63) & ~63;
}

/** Lays the regions. Slots of the hash table are a power of two. False if there is no memory. */
export function layRegions(
  columns: u32,
  keyBytes: u32,
  slots: u32,
  formatBytes: u32,
  rows: u32,
  inputBytes: u32,
  outputBytes: u32,
): bool {
  columnsAt = align(__heap_base);
  keysAt = align(columnsAt + columns * 64 + SLACK);
  slotsAt = align(keysAt + keyBytes + SLACK);
  formatAt = align(slotsAt + slots * 2 + SLACK);
  startsAt = align(formatAt + formatBytes + SLACK);
  endsAt = align(startsAt + columns * 4 + SLACK);
  kindsAt = align(endsAt + columns * 4 + SLACK);
  offsetsAt = align(kindsAt + columns + SLACK);
  marksAt = align(offsetsAt + (rows + 1) * 4 + SLACK);
  inputAt = align(marksAt + rows * 2 + SLACK);
  scratchAt = align(inputAt + inputBytes + SLACK);
  outputAt = align(scratchAt + inputBytes + SLACK);
  outputEnd = outputAt + outputBytes;
  const pages = ((outputEnd + SLACK + 0xffff) >>> 16) as i32;
  const missing = pages - memory.size();
  return missing <= 0 || memory.grow(missing) >= 0;
}
