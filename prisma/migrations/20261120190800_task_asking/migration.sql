-- By hand: renders are asked about by when they are due, whichever credential they are of; `task_by_next_action` finds them.
DROP INDEX "tasks"."task_to_ask";
