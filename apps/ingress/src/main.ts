import 'reflect-metadata';

import { runServices } from '@bytespike/service';

import { ingress } from './service.js';

await runServices('ingress', [ingress]);
