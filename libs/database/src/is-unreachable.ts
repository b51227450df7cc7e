/** SQLSTATE classes that say the server, not the statement, is at fault. */
const SERVER_FAULT_CLASSES = ['08', '53', '57', '58'];

const SOCKET_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN'];

/** What pg itself says, without a code, when a connection is lost, refused in time or not answered in time. */
const DRIVER_MESSAGES = /^(Connection terminated|timeout (exceeded|expired)|Query read timeout|Client has encountered)/;

/** Whether an error means the store could not answer, so that the caller may say `unavailable` and try again. */
export function isUnreachable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code === undefined) return DRIVER_MESSAGES.test(error.message);
  return SOCKET_CODES.includes(code) || SERVER_FAULT_CLASSES.includes(code.slice(0, 2));
}
