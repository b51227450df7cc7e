/** SQLSTATE classes that say the server or the way to it, not the statement, is at fault: 28 and 3D refuse us the door. */
const SERVER_FAULT_CLASSES = ['08', '28', '3D', '53', '57', '58'];

const SOCKET_CODES = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'EAI_AGAIN'];

/** Prisma's own words for a server it cannot reach, or not in time: P1001, P1002, P1008, P1017; P2024 is a full pool. */
const PRISMA_CODES = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024'];

/** What pg itself says, without a code, when a connection is lost, refused in time or not answered in time. */
const DRIVER_MESSAGES = /^(Connection terminated|timeout (exceeded|expired)|Query read timeout|Client has encountered)/;

/** As far as it matters here: where Prisma keeps the server's own code. */
interface PrismaFailure {
  readonly meta?: { readonly driverAdapterError?: { readonly cause?: { readonly originalCode?: unknown } } };
}

const originalCode = ({ meta }: PrismaFailure): unknown => meta?.driverAdapterError?.cause?.originalCode;

/**
 * Whether an error means the store could not answer, so that the caller may say `unavailable` and try again. Read by
 * its properties: an error of Node's own is not an `instanceof Error` of ours where code runs in a context of its own.
 */
export function isUnreachable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { message } = error as { readonly message?: unknown };
  const code = originalCode(error as PrismaFailure) ?? (error as { readonly code?: unknown }).code;
  if (typeof code !== 'string') return typeof message === 'string' && DRIVER_MESSAGES.test(message);
  return SOCKET_CODES.includes(code) || PRISMA_CODES.includes(code) || SERVER_FAULT_CLASSES.includes(code.slice(0, 2));
}
