-- Workflow definitions, every version, as they were stored.
CREATE TABLE workflow_definition(
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    document BLOB NOT NULL,
    created INTEGER NOT NULL,              -- unix milliseconds, like all instants
    updated INTEGER NOT NULL,
    PRIMARY KEY(name, version)
);

CREATE TABLE task_definition(
    name TEXT NOT NULL PRIMARY KEY,
    document BLOB NOT NULL,
    created INTEGER NOT NULL,
    updated INTEGER NOT NULL
);

-- Counts the changes of task definitions, so that nodes see whether what they remember still holds.
CREATE TABLE task_definition_stamp(
    id INTEGER NOT NULL PRIMARY KEY CHECK(id = 1),
    stamp INTEGER NOT NULL
);
INSERT INTO task_definition_stamp(id, stamp) VALUES(1, 0);

-- The secrets that definitions name, so that who removes one is told.
CREATE TABLE definition_secret(
    secret TEXT NOT NULL,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,               -- 0: a task definition
    PRIMARY KEY(secret, name, version)
) WITHOUT ROWID;
CREATE INDEX definition_secret_definition ON definition_secret(name, version);

-- Definitions as executions run them: each stands here once, however many run it.
CREATE TABLE workflow_document(
    hash BLOB NOT NULL PRIMARY KEY,        -- SHA-256 of the document
    document BLOB NOT NULL
) WITHOUT ROWID;

CREATE TABLE workflow_execution(
    id TEXT NOT NULL PRIMARY KEY,
    guard INTEGER NOT NULL,                -- moves with every change: who commits must have loaded the last one
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    status TEXT NOT NULL,
    correlation_id TEXT,
    started INTEGER NOT NULL,
    updated INTEGER NOT NULL,
    ended INTEGER,
    due INTEGER,                           -- when it is evaluated by itself; null: not before something happens
    orphaned INTEGER NOT NULL DEFAULT 0,   -- 1: nobody waits for it any more, it is to be terminated
    failed TEXT,                           -- the reference names of the tasks that gave up, separated by commas
    definition BLOB NOT NULL REFERENCES workflow_document(hash),
    state BLOB NOT NULL                    -- everything but its tasks
);
CREATE INDEX workflow_execution_started ON workflow_execution(started);
CREATE INDEX workflow_execution_name ON workflow_execution(name, started);
CREATE INDEX workflow_execution_status ON workflow_execution(status, started);
CREATE INDEX workflow_execution_updated ON workflow_execution(updated);
CREATE INDEX workflow_execution_ended ON workflow_execution(ended) WHERE ended IS NOT NULL;
CREATE INDEX workflow_execution_correlation ON workflow_execution(correlation_id, started) WHERE correlation_id IS NOT NULL;
CREATE INDEX workflow_execution_due ON workflow_execution(due) WHERE due IS NOT NULL;
CREATE INDEX workflow_execution_definition ON workflow_execution(definition);

-- Every attempt of every task.
CREATE TABLE workflow_task(
    id TEXT NOT NULL PRIMARY KEY,
    execution_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    name TEXT NOT NULL,                    -- the task definition's
    status TEXT NOT NULL,
    queue TEXT NOT NULL,                   -- empty: the server's own
    domain TEXT NOT NULL,                  -- empty: none
    priority INTEGER NOT NULL,
    ready INTEGER,                         -- from when on it may be taken; null: it may not, or is not carried out by anybody
    updated INTEGER NOT NULL,
    body BLOB NOT NULL
);
CREATE INDEX workflow_task_execution ON workflow_task(execution_id, sequence);
CREATE INDEX workflow_task_queue ON workflow_task(queue, domain, priority DESC, ready) WHERE ready IS NOT NULL;
CREATE INDEX workflow_task_server ON workflow_task(ready) WHERE queue = '' AND ready IS NOT NULL;
CREATE INDEX workflow_task_running ON workflow_task(name) WHERE status = 'IN_PROGRESS';
CREATE INDEX workflow_task_updated ON workflow_task(updated);

-- Keys of callers against a second start.
CREATE TABLE workflow_start(
    name TEXT NOT NULL,                    -- the definition's
    key TEXT NOT NULL,
    execution_id TEXT NOT NULL,
    PRIMARY KEY(name, key)
) WITHOUT ROWID;
CREATE INDEX workflow_start_execution ON workflow_start(execution_id);

-- What workers wrote of a task.
CREATE TABLE task_log(
    task_id TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    created INTEGER NOT NULL,
    line TEXT NOT NULL,
    PRIMARY KEY(task_id, sequence)
) WITHOUT ROWID;

-- Starts of tasks whose definition limits how many start within a window.
CREATE TABLE task_rate(
    name TEXT NOT NULL PRIMARY KEY,
    started INTEGER NOT NULL,              -- when the window began
    count INTEGER NOT NULL
) WITHOUT ROWID;
