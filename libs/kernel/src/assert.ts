/** For programmer mistakes only: crashes the request. A failure a caller can cause is a `GatewayError`. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`assertion failed: ${message}`);
}
