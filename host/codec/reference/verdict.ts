/** What a check says of one cell. Numbers, since it is said for every cell. */

/** The value fits its column. */
export const FITS = 0;
/** There is no value, and none is needed. */
export const IS_NULL = 1;
/** There is no value, and the column takes no NULL. */
export const NULL_REFUSED = 2;
/** The value is not of the column's type. */
export const WRONG_TYPE = 3;
/** The value is of the column's type, but out of its range. */
export const TOO_LARGE = 4;
/** U+0000 where the database takes none. */
export const NUL_REFUSED = 5;
/** A lone surrogate or the like within a cell. */
export const BAD_ENCODING = 6;
/** There is no field, and to lack it is not to have NULL there. */
export const LACKED = 7;

/** The type, which was inferred, would change the value. */
export const CHANGED = 8;
/** A time that is finer than the microseconds that are kept. */
export const TOO_FINE = 9;

/** Bytes in a form that nobody has said. */
export const FORM_UNSAID = 10;
/** NaN where the database keeps none. */
export const NAN_REFUSED = 11;

/** One of the constants of this file. */
export type Verdict = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11;
