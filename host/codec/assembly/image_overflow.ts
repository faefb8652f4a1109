// Records that are larger than a leaf holds: the first part stands in the leaf, the rest in a chain of
// pages of its own. https://sqlite.org/fileformat2.html#overflow_page

import { nextPage, pageSize, pagesTo, passPage, putWord } from "./image_page";

/** Bytes of a page number. */
export const PAGE_NUMBER: u32 = 4;

/** How many bytes of a record stand in the leaf. */
@inline
export function localBytes(record: u32): u32 {
  const most = pageSize - 35;
  return record <= most ? record : localOfLarge(record, most);
}

function localOfLarge(record: u32, most: u32): u32 {
  const least = ((pageSize - 12) * 32) / 255 - 23;
  const local = least + (record - least) % (pageSize - PAGE_NUMBER);
  return local <= most ? local : least;
}

/** Writes the rest of a record as a chain of pages, beginning with the next one. */
export function putChain(from: usize, bytes: u32): void {
  while (bytes > 0) {
    const taken = min(bytes, pageSize - PAGE_NUMBER);
    bytes -= taken;
    putWord(pagesTo, bytes == 0 ? 0 : nextPage + 1);
    memory.copy(pagesTo + PAGE_NUMBER, from, taken);
    from += taken;
    passPage();
  }
}
