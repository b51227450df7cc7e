export { flagField, integerField, portField, urlField } from './fields.js';
export { EnvironmentError, readEnv, type Environment } from './read-env.js';
