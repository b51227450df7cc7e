export { every } from './every.js';
export { startHeartbeat } from './heartbeat.js';
export { reached, type KillPoint } from './kill-point.js';
export { processEnv } from './process-env.js';
export { runServices, type StartMessage } from './run-services.js';
export type { RunningService, Service, ServiceParts } from './service.js';
