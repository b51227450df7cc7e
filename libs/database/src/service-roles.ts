/**
 * The role that each service works as, whoever it logs in as: what has not been granted to it in a migration it cannot do,
 * whatever statement it is made to send. Only the ledger's reaches the ledger (ADR 0021).
 */
export const SERVICE_ROLES = {
  console: 'bytespike_console',
  ingress: 'bytespike_ingress',
  ledger: 'bytespike_ledger',
  router: 'bytespike_router',
  tasks: 'bytespike_tasks',
  translator: 'bytespike_translator',
} as const;

export type ServiceRole = (typeof SERVICE_ROLES)[keyof typeof SERVICE_ROLES];
