export { describeAssetStore, type AssetStoreUnderTest } from './describe-asset-store.js';
export { MemoryAssetStore } from './memory-asset-store.js';
export { startS3Server, type S3Server } from './s3-server/start-s3-server.js';
