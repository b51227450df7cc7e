export { ChannelFileError, readChannelFile, type ChannelFile } from './channel-file.js';
export { endpointUrl } from './endpoint-url.js';
export { groupMembers } from './group-members.js';
export {
  indexCatalogue,
  priceOn,
  resolveModelName,
  type CatalogueIndex,
  type ResolvedName,
} from './index-catalogue.js';
export { mergeChannelFile, type ChannelCredential, type MergedChannels } from './merge-channels.js';
export { modelNameKey } from './model-name-key.js';
export { CatalogueDocument, Cell, Channel, MediaChannel, Model, PriceVersion, RoutingGroup } from './schema.js';
export { REAL_BASE_ADDRESSES, simulatorBaseAddresses, type BaseAddresses } from './seed/channels.js';
export { seedCatalogue } from './seed/seed-catalogue.js';
export { TRANSLATION_PREFERENCE } from './translation-preference.js';
export { usdPerMillionOf, type UsdPerMillionUnits } from './usd-per-million.js';
export { validateCatalogue } from './validate.js';
export { type AuthScheme, type Vendor, type VendorWire } from './vendor.js';
export { findVendor, isVendorName, vendorNames, VENDORS, type VendorName } from './vendors.js';
