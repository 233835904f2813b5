/** A question that cannot be answered because it is not one: a cursor from elsewhere, a limit out of range. */
export class QueryError extends Error {
  override readonly name = "QueryError";
}
