namespace Countersign.Console.Tests.Workflows;

/// <summary>Definitions as people have them, with properties that the console knows nothing of.</summary>
internal static class SampleDefinitions
{
    public const string Transfer = """
        {
          "name": "verify_transfer", "version": 3, "description": "Grüße an « alle » <b>",
          "x-owner": {"team": "payments", "since": 20.50},
          "tasks": [
            {"name": "load", "taskReferenceName": "load_ref", "type": "HTTP", "x-note": [1, null, {"deep": true}],
             "inputParameters": {"http_request": {"uri": "https://api.example.com/transfers/${workflow.input.id}", "method": "GET", "vipAddress": null}},
             "taskDefinition": {"retryCount": 3, "retryLogic": "EXPONENTIAL_BACKOFF", "x-unknown": 1e3}},
            {"name": "amount", "taskReferenceName": "amount_ref", "type": "SWITCH", "evaluatorType": "value-param", "expression": "size",
             "inputParameters": {"size": "${load_ref.output.response.body.size}"},
             "decisionCases": {
               "large": [
                 {"name": "verify", "taskReferenceName": "verify_ref", "type": "COUNTERSIGN_VERIFY", "inputParameters": {"userId": "${workflow.input.userId}"}},
                 {"name": "stop", "taskReferenceName": "stop_ref", "type": "TERMINATE", "inputParameters": {"terminationStatus": "FAILED"}}
               ],
               "too large": []
             },
             "defaultCase": [{"name": "note", "taskReferenceName": "note_ref", "type": "MY_COMPANYS_TYPE", "whatever": {"a": [1.0, 2.00]}}]},
            {"name": "both", "taskReferenceName": "both_ref", "type": "FORK_JOIN", "forkTasks": [
               [{"name": "a", "taskReferenceName": "a_ref", "type": "SIMPLE"}],
               [{"name": "b", "taskReferenceName": "b_ref"}, {"name": "c", "taskReferenceName": "c_ref", "type": "INLINE", "inputParameters": {"expression": "$.x < 1 && $.y > 2"}}]
             ]},
            {"name": "join", "taskReferenceName": "join_ref", "type": "JOIN", "joinOn": ["a_ref", "c_ref"]},
            {"name": "loop", "taskReferenceName": "loop_ref", "type": "DO_WHILE", "loopCondition": "$.loop_ref['iteration'] < 3", "loopOver": [
               {"name": "inner", "taskReferenceName": "inner_ref", "type": "DO_WHILE", "items": "${workflow.input.list}", "loopOver": [
                 {"name": "child", "taskReferenceName": "child_ref", "type": "SUB_WORKFLOW", "subWorkflowParam": {"name": "other", "version": 2, "taskToDomain": {"*": "x"}}}
               ]}
             ]}
          ],
          "inputParameters": ["id", "userId"], "inputTemplate": {"limit": 100}, "outputParameters": {"size": "${load_ref.output.response.body.size}"},
          "rateLimitConfig": {"rateLimitKey": "k", "concurrentExecLimit": 5}, "timeoutSeconds": 0, "schemaVersion": 2, "big": 12345678901234567890
        }
        """;

    public const string Legacy = """
        {"name": "old one", "tasks": [
          {"name": "d", "taskReferenceName": "d", "type": "DECISION", "caseValueParam": "v", "decisionCases": {"1": [{"name": "x", "taskReferenceName": "x", "type": "LAMBDA", "inputParameters": {"scriptExpression": "1"}}]}},
          {"name": "f", "taskReferenceName": "f", "type": "FORK_JOIN_DYNAMIC", "dynamicForkTasksParam": "t", "dynamicForkTasksInputParamName": "i"},
          {"name": "j", "taskReferenceName": "j", "type": "JOIN"}], "schemaVersion": 2}
        """;

    public const string Odd = """
        {"name": "odd", "tasks": [null, 7, {"taskReferenceName": 5, "type": "SWITCH", "decisionCases": [], "defaultCase": {}},
          {"taskReferenceName": "s", "type": "SWITCH", "decisionCases": {"a.b['c']": [{"taskReferenceName": "in", "type": "NOOP"}], "n": null}}, {"type": "FORK_JOIN", "forkTasks": [null, 3, []]}]}
        """;

    public static readonly IReadOnlyList<string> All = [Transfer, Legacy, Odd];
}
