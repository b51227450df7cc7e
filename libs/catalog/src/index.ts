export { endpointUrl } from './endpoint-url.js';
export {
  Alias,
  CAPABILITIES,
  CatalogueDocument,
  Cell,
  Channel,
  Model,
  PriceVersion,
  Retirement,
  RoutingGroup,
} from './schema.js';
export { REAL_BASE_ADDRESSES, seedChannels, simulatorBaseAddresses, type BaseAddresses } from './seed/channels.js';
export { seedCatalogue } from './seed/seed-catalogue.js';
export { type AuthScheme, type Vendor, type VendorWire } from './vendor.js';
export { findVendor, isVendorName, vendorNames, VENDORS, type VendorName } from './vendors.js';
