import { Module } from '@nestjs/common';

/** Nothing here has a lifecycle: translation is functions, and the bus belongs to the process. */
@Module({})
export class TranslatorModule {}
