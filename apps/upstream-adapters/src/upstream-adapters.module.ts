import type { HttpClient } from '@bytespike/http-client';
import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';

/** Drops the connections to vendors when Nest closes the application. */
class VendorConnections implements OnApplicationShutdown {
  constructor(private readonly http: HttpClient) {}

  onApplicationShutdown(): Promise<void> {
    return this.http.close();
  }
}

/** What has a lifecycle; the rest are functions of their ports. */
@Module({})
export class UpstreamAdaptersModule {
  static with(http: HttpClient): DynamicModule {
    return {
      module: UpstreamAdaptersModule,
      providers: [{ provide: VendorConnections, useValue: new VendorConnections(http) }],
    };
  }
}
