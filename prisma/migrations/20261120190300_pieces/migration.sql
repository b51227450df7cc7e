-- AlterTable
ALTER TABLE "ledger"."usage_quarter" ADD COLUMN     "images" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "seconds" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "ledger"."vendor_cost" ADD COLUMN     "images" BIGINT NOT NULL DEFAULT 0,
ADD COLUMN     "seconds" BIGINT NOT NULL DEFAULT 0;

-- By hand. Versions of what is sold by the piece were kept before such prices were read, and so without any: nothing was ever sold
-- at one. They are kept anew from the catalogue.
ALTER TABLE "ledger"."price_version" DISABLE TRIGGER "price_version_append_only";
DELETE FROM "ledger"."price_version" WHERE "prices" = '{}';
ALTER TABLE "ledger"."price_version" ENABLE TRIGGER "price_version_append_only";
