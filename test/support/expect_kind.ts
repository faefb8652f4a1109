/** The outcome as the kind that it must be. @throws if it is another, showing it whole */
export function expectKind<R extends { readonly kind: string }, K extends R["kind"]>(
  result: R,
  kind: K,
): Extract<R, { kind: K }> {
  if (result.kind !== kind) {
    throw new Error(`Expected ${kind} but received ${JSON.stringify(result)}`);
  }
  return result as Extract<R, { kind: K }>;
}
