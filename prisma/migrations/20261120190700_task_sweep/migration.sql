-- DropIndex
DROP INDEX "tasks"."task_by_next_action";

-- CreateIndex
CREATE INDEX "task_by_next_action" ON "tasks"."task"("state", "next_action_at");
