import { GatewayError } from '@bytespike/kernel';

export const unknownAccount = (): GatewayError => new GatewayError('not-found', 'There is no such account.');
