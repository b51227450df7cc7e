-- By hand: renders of one credential that are asked about in one question.
CREATE INDEX "task_to_ask" ON "tasks"."task" ("credential_id", "next_action_at") WHERE "state" = 'running';
