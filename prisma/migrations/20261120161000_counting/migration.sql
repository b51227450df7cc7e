-- AlterTable
ALTER TABLE "ledger"."hold" ADD COLUMN "counted_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- By hand from here. A bucket is moved by upserts, whose proposed row is checked before the one that it is added to, and an
-- end proposes less than nothing. `ledger verify` compares every bucket with its holds (I8), which are never negative.
ALTER TABLE "ledger"."spend" DROP CONSTRAINT "spend_not_negative";

-- A bucket that began at or before this has left its span as a whole: it began a span and a bucket ago. One statement says
-- it, as `bucket_of` does; `domain/spans.ts` says the same of both.
CREATE FUNCTION "ledger"."horizon"(span TEXT, moment TIMESTAMPTZ) RETURNS TIMESTAMPTZ LANGUAGE sql STABLE PARALLEL SAFE AS $$
    SELECT CASE span
        WHEN '5h' THEN moment - interval '305 minutes'
        WHEN '1d' THEN moment - interval '1455 minutes'
        WHEN '7d' THEN moment - interval '10140 minutes'
        ELSE '-infinity'::timestamptz
    END
$$;

-- What every counter of these subjects has counted within its span, each subject being of the account beside it. Volatile, so
-- that it sees what was committed until it is called: a statement that calls it after it has waited for the wallets' locks
-- sees all that was counted before it got them, while the statement itself sees no more than when it began (ADR 0015).
CREATE FUNCTION "ledger"."counted"(accounts TEXT[], subjects TEXT[], moment TIMESTAMPTZ)
RETURNS TABLE (account_id TEXT, subject TEXT, span TEXT, settled BIGINT, held BIGINT, oldest TIMESTAMPTZ)
LANGUAGE plpgsql VOLATILE ROWS 20 AS $$
BEGIN
    RETURN QUERY
    SELECT counter.account_id, counter.subject, counter.span, within.settled, within.held, within.oldest
    FROM unnest(accounts, subjects) AS asked(account_id, subject)
    JOIN ledger.counter AS counter ON counter.account_id = asked.account_id AND counter.subject = asked.subject
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(spend.settled + spend.carried), 0)::bigint AS settled, coalesce(sum(spend.held), 0)::bigint AS held,
            min(spend.bucket) FILTER (WHERE spend.settled + spend.carried > 0) AS oldest
        FROM ledger.spend AS spend
        WHERE spend.account_id = counter.account_id AND spend.subject = counter.subject AND spend.span = counter.span
            AND spend.bucket > ledger.horizon(counter.span, moment)
    ) AS within;
END
$$;
