/* How rows meet those with the same key: by one INSERT, which takes its rows one after the other. */
#include "snakepipe.h"

/* A batch may have a key twice: the last row stays. Every row has to count, so INSERT IGNORE will not do. */
static int upsert(const dialect *d) {
  /* CHANGE 5 of 6: what stands behind the rows, where a row with the same key is there. */
  put_insert("{table} ({columns})");
  put(" ON DUPLICATE KEY UPDATE "); put_updates("VALUES(", ")");
  return insert(d, "({values})");
}
