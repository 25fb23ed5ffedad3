-- Workflow definitions, every version, as they were stored.
CREATE TABLE workflow_definition(
    name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    document bytea NOT NULL,
    created bigint NOT NULL,                         -- unix milliseconds, like all instants
    updated bigint NOT NULL,
    PRIMARY KEY(name, version)
);

CREATE TABLE task_definition(
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    document bytea NOT NULL,
    created bigint NOT NULL,
    updated bigint NOT NULL
);

-- Counts the changes of task definitions, so that nodes see whether what they remember still holds.
CREATE TABLE task_definition_stamp(
    id bigint NOT NULL PRIMARY KEY CHECK(id = 1),
    stamp bigint NOT NULL
);
INSERT INTO task_definition_stamp(id, stamp) VALUES(1, 0);

-- The secrets that definitions name, so that who removes one is told.
CREATE TABLE definition_secret(
    secret text COLLATE "C" NOT NULL,
    name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,                      -- 0: a task definition
    PRIMARY KEY(secret, name, version)
);
CREATE INDEX definition_secret_definition ON definition_secret(name, version);

-- Definitions as executions run them: each stands here once, however many run it.
CREATE TABLE workflow_document(
    hash bytea NOT NULL PRIMARY KEY,                 -- SHA-256 of the document
    document bytea NOT NULL
);

CREATE TABLE workflow_execution(
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    guard bigint NOT NULL,                           -- moves with every change: who commits must have loaded the last one
    name text COLLATE "C" NOT NULL,
    version bigint NOT NULL,
    status text COLLATE "C" NOT NULL,
    correlation_id text COLLATE "C",
    started bigint NOT NULL,
    updated bigint NOT NULL,
    ended bigint,
    due bigint,                                      -- when it is evaluated by itself; null: not before something happens
    orphaned bigint NOT NULL DEFAULT 0,              -- 1: nobody waits for it any more, it is to be terminated
    failed text COLLATE "C",                         -- the reference names of the tasks that gave up, separated by commas
    definition bytea NOT NULL REFERENCES workflow_document(hash),
    state bytea NOT NULL                             -- everything but its tasks
) WITH (fillfactor = 80);
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
    id text COLLATE "C" NOT NULL PRIMARY KEY,
    execution_id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    name text COLLATE "C" NOT NULL,                  -- the task definition's
    status text COLLATE "C" NOT NULL,
    queue text COLLATE "C" NOT NULL,                 -- empty: the server's own
    domain text COLLATE "C" NOT NULL,                -- empty: none
    priority bigint NOT NULL,
    ready bigint,                                    -- from when on it may be taken; null: it may not, or is not carried out by anybody
    updated bigint NOT NULL,
    body bytea NOT NULL
) WITH (fillfactor = 80);
CREATE INDEX workflow_task_execution ON workflow_task(execution_id, sequence);
CREATE INDEX workflow_task_queue ON workflow_task(queue, domain, priority DESC, ready) WHERE ready IS NOT NULL;
CREATE INDEX workflow_task_server ON workflow_task(ready) WHERE queue = '' AND ready IS NOT NULL;
CREATE INDEX workflow_task_running ON workflow_task(name) WHERE status = 'IN_PROGRESS';
CREATE INDEX workflow_task_updated ON workflow_task(updated);

-- Keys of callers against a second start.
CREATE TABLE workflow_start(
    name text COLLATE "C" NOT NULL,                  -- the definition's
    key text COLLATE "C" NOT NULL,
    execution_id text COLLATE "C" NOT NULL,
    PRIMARY KEY(name, key)
);
CREATE INDEX workflow_start_execution ON workflow_start(execution_id);

-- What workers wrote of a task.
CREATE TABLE task_log(
    task_id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    created bigint NOT NULL,
    line text COLLATE "C" NOT NULL,
    PRIMARY KEY(task_id, sequence)
);

-- Starts of tasks whose definition limits how many start within a window.
CREATE TABLE task_rate(
    name text COLLATE "C" NOT NULL PRIMARY KEY,
    started bigint NOT NULL,                         -- when the window began
    count bigint NOT NULL
);
