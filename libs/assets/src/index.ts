export { assetEnv, assetLinkEnv, type AssetEnv, type AssetLinkEnv } from './asset-env.js';
export { assetContentType, type AssetContentType } from './content-type.js';
export { nameAsset, nameMade, type AssetIdentity, type MadeIdentity } from './asset-name.js';
export { base64Of } from './base64-of.js';
export {
  AssetStore,
  type AssetListing,
  type AssetPage,
  type ByteRange,
  type NewAsset,
  type OpenedAsset,
  type PassedBy,
  type StoredAsset,
} from './asset-store.js';
export { findPictures, type PicturesSought } from './find-pictures.js';
export { LocalAssetStore, type LocalAssetStoreOptions } from './local/local-asset-store.js';
export { openAssetStore } from './open-asset-store.js';
export { retireAssets, type RetiredAssets } from './retire-assets.js';
export type { S3Account } from './s3/create-s3-client.js';
export { S3AssetStore, type S3AssetStoreOptions } from './s3/s3-asset-store.js';
export { answerAsset, type AssetAnswer, type AssetRequest } from './serving/answer-asset.js';
export { ASSETS_PATH, assetUrls, linkToAsset } from './serving/asset-links.js';
export { openSignedUrl, signAssetUrl, type AssetLink, type AssetUrls } from './serving/signed-url.js';
export { sniffContentType } from './sniff-content-type.js';
export { sniffBody, type SniffedBody } from './sniffed-body.js';
