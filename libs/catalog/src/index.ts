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
export { type Vendor, type VendorWire } from './vendor.js';
