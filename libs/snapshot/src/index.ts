export { CatalogueReader, type CatalogueReaderOptions } from './catalogue-reader.js';
export { followCatalogue } from './follow-catalogue.js';
