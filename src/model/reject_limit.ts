/** A number of rows, or a share of them. */
export type RejectLimit =
  /** Of the whole load, earlier runs included. */
  | { readonly kind: "count"; readonly rowsMax: number }
  /** From 0 to 1, of the rows of the load. */
  | { readonly kind: "share"; readonly share: number };
