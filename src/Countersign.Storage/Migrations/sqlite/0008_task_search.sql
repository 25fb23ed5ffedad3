-- Tasks are searched by their type, name and status, the newest first.
ALTER TABLE workflow_task ADD COLUMN type TEXT NOT NULL DEFAULT '';
UPDATE workflow_task SET type = coalesce(json_extract(CAST(body AS TEXT), '$.type'), '');
CREATE INDEX workflow_task_name ON workflow_task(name, updated);
CREATE INDEX workflow_task_type ON workflow_task(type, updated);
CREATE INDEX workflow_task_failed ON workflow_task(status, updated) WHERE status NOT IN ('SCHEDULED', 'IN_PROGRESS', 'COMPLETED');
