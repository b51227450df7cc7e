-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "catalog";

-- CreateSchema
CREATE SCHEMA IF NOT EXISTS "identity";

-- CreateTable
CREATE TABLE "catalog"."snapshot" (
    "version" SERIAL NOT NULL,
    "document" JSONB NOT NULL,
    "hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "snapshot_pkey" PRIMARY KEY ("version")
);

-- CreateTable
CREATE TABLE "catalog"."credential" (
    "id" TEXT NOT NULL,
    "channel_id" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "weight" INTEGER NOT NULL DEFAULT 1,
    "disabled" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."account" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "kind" TEXT NOT NULL DEFAULT 'individual',
    "tier" TEXT NOT NULL DEFAULT 'free',
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."api_key" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "group_id" INTEGER NOT NULL,
    "status" TEXT NOT NULL DEFAULT 'active',
    "quota" BIGINT NOT NULL DEFAULT 0,
    "rate_limit_5h" BIGINT NOT NULL DEFAULT 0,
    "rate_limit_1d" BIGINT NOT NULL DEFAULT 0,
    "rate_limit_7d" BIGINT NOT NULL DEFAULT 0,
    "ip_allow" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "ip_deny" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "policy" TEXT NOT NULL DEFAULT 'warn',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expires_at" TIMESTAMPTZ(3),
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."access_token" (
    "id" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "hint" TEXT NOT NULL,
    "role" TEXT NOT NULL,
    "account_id" TEXT,
    "actor" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "revoked_at" TIMESTAMPTZ(3),

    CONSTRAINT "access_token_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "identity"."group_grant" (
    "account_id" TEXT NOT NULL,
    "group_id" INTEGER NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "group_grant_pkey" PRIMARY KEY ("account_id","group_id")
);

-- CreateIndex
CREATE INDEX "credential_by_channel" ON "catalog"."credential"("channel_id");

-- CreateIndex
CREATE UNIQUE INDEX "api_key_digest_key" ON "identity"."api_key"("digest");

-- CreateIndex
CREATE INDEX "api_key_by_account" ON "identity"."api_key"("account_id", "created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "access_token_digest_key" ON "identity"."access_token"("digest");

-- AddForeignKey
ALTER TABLE "identity"."api_key" ADD CONSTRAINT "api_key_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "identity"."account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."access_token" ADD CONSTRAINT "access_token_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "identity"."account"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "identity"."group_grant" ADD CONSTRAINT "group_grant_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "identity"."account"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

